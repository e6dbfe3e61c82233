package org.countersign.server.audit;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What happened, as a use case tells it: {@code AuditEvent.success("pin.set").client(id).credential(id)}. Immutable; each
 * call returns a new event.
 *
 * <p>Values that came from outside are made fit, never refused, so that an odd request cannot avoid its entry: longer
 * ones are cut and end in {@code …}, control characters and lone surrogates become U+FFFD. Never put a PIN, an OTP, a
 * SAD, a token, a secret or a key into an event: that is the caller's duty, nothing here can tell.
 *
 * @param type what was done, as {@code noun.verb}: lower case words, digits and hyphens joined by points, 64 characters
 *     at most; {@code chain.…} belongs to the log itself
 * @param details further facts in the order they were given, 32 at most, values of 131072 characters at most
 */
public record AuditEvent(
        String type,
        Outcome outcome,
        Optional<String> client,
        Optional<String> tenant,
        Optional<String> seat,
        Optional<String> credentialId,
        Map<String, String> details) {

    private static final Pattern TYPE = Pattern.compile("[a-z][a-z0-9-]*(\\.[a-z0-9-]+)+");
    private static final Pattern KEY = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,63}");
    private static final int TYPE_LENGTH = 64;
    private static final int NAME_LENGTH = 256;
    /** Room for a thousand SHA-512 hashes in base64. */
    private static final int DETAIL_LENGTH = 131_072;

    private static final int DETAILS = 32;
    private static final String OWN_PREFIX = "chain.";

    /** @throws IllegalArgumentException for a type or a detail's name that is none: both are constants of ours */
    public AuditEvent {
        if (type.length() > TYPE_LENGTH || !TYPE.matcher(type).matches()) {
            throw new IllegalArgumentException("Not a type of an audit event: " + type);
        }
        if (details.size() > DETAILS) {
            throw new IllegalArgumentException("An audit event has at most " + DETAILS + " details");
        }
        client = client.map(value -> fit(value, NAME_LENGTH));
        tenant = tenant.map(value -> fit(value, NAME_LENGTH));
        seat = seat.map(value -> fit(value, NAME_LENGTH));
        credentialId = credentialId.map(value -> fit(value, NAME_LENGTH));
        var fitted = new LinkedHashMap<String, String>();
        details.forEach((key, value) -> {
            if (!KEY.matcher(key).matches()) {
                throw new IllegalArgumentException("Not a name of a detail: " + key);
            }
            fitted.put(key, fit(value, DETAIL_LENGTH));
        });
        details = Collections.unmodifiableMap(fitted);
    }

    public static AuditEvent success(String type) {
        return new AuditEvent(useCaseType(type), Outcome.SUCCESS, none(), none(), none(), none(), Map.of());
    }

    public static AuditEvent failure(String type) {
        return new AuditEvent(useCaseType(type), Outcome.FAILURE, none(), none(), none(), none(), Map.of());
    }

    /** An entry about a chain itself; nobody else's event may look like one. */
    static AuditEvent ofChain(String verb) {
        return new AuditEvent(OWN_PREFIX + verb, Outcome.SUCCESS, none(), none(), none(), none(), Map.of());
    }

    /** @param value may be null, as in all of these: then the event has none */
    public AuditEvent client(String value) {
        return new AuditEvent(type, outcome, Optional.ofNullable(value), tenant, seat, credentialId, details);
    }

    public AuditEvent tenant(String value) {
        return new AuditEvent(type, outcome, client, Optional.ofNullable(value), seat, credentialId, details);
    }

    public AuditEvent seat(String value) {
        return new AuditEvent(type, outcome, client, tenant, Optional.ofNullable(value), credentialId, details);
    }

    public AuditEvent credential(String value) {
        return new AuditEvent(type, outcome, client, tenant, seat, Optional.ofNullable(value), details);
    }

    public AuditEvent detail(String key, Object value) {
        var more = new LinkedHashMap<>(details);
        more.put(key, String.valueOf(value));
        return new AuditEvent(type, outcome, client, tenant, seat, credentialId, more);
    }

    private static String useCaseType(String type) {
        if (type.startsWith(OWN_PREFIX)) {
            throw new IllegalArgumentException("Types starting with " + OWN_PREFIX + " belong to the log itself");
        }
        return type;
    }

    private static Optional<String> none() {
        return Optional.empty();
    }

    private static String fit(String value, int length) {
        boolean clean = value.length() <= length
                && value.chars().noneMatch(c -> Character.isISOControl(c) || Character.isSurrogate((char) c));
        return clean ? value : cleaned(value, length);
    }

    private static String cleaned(String value, int length) {
        var text = new StringBuilder();
        var points = value.codePoints().iterator();
        while (points.hasNext()) {
            int point = points.nextInt();
            boolean odd = Character.isISOControl(point) || Character.getType(point) == Character.SURROGATE;
            int fitting = odd ? 0xfffd : point;
            if (text.length() + Character.charCount(fitting) > length - (points.hasNext() ? 1 : 0)) {
                return text.append('…').toString();
            }
            text.appendCodePoint(fitting);
        }
        return text.toString();
    }
}

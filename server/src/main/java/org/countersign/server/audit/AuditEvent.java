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
 * <p>Each value is looked at once, when it is given: an event lies on the path of every signature.
 */
public final class AuditEvent {

    private static final Pattern TYPE = Pattern.compile("[a-z][a-z0-9-]*(\\.[a-z0-9-]+)+");
    private static final Pattern KEY = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,63}");
    private static final int TYPE_LENGTH = 64;
    private static final int NAME_LENGTH = 256;
    /** Room for a thousand SHA-512 hashes in base64. */
    private static final int DETAIL_LENGTH = 131_072;

    private static final int DETAILS = 32;
    private static final String OWN_PREFIX = "chain.";

    private final String type;
    private final Outcome outcome;
    private final String client;
    private final String tenant;
    private final String seat;
    private final String credentialId;
    private final Map<String, String> details;

    private AuditEvent(
            String type,
            Outcome outcome,
            String client,
            String tenant,
            String seat,
            String credentialId,
            Map<String, String> details) {
        this.type = type;
        this.outcome = outcome;
        this.client = client;
        this.tenant = tenant;
        this.seat = seat;
        this.credentialId = credentialId;
        this.details = details;
    }

    /**
     * @param type what was done, as {@code noun.verb}: lower case words, digits and hyphens joined by points, 64 characters
     *     at most; {@code chain.…} belongs to the log itself
     * @throws IllegalArgumentException for a type that is none: it is a constant of ours
     */
    public static AuditEvent success(String type) {
        return of(useCaseType(type), Outcome.SUCCESS);
    }

    /** As {@link #success}, of what was refused. */
    public static AuditEvent failure(String type) {
        return of(useCaseType(type), Outcome.FAILURE);
    }

    /** An entry about a chain itself; nobody else's event may look like one. */
    static AuditEvent ofChain(String verb) {
        return of(OWN_PREFIX + verb, Outcome.SUCCESS);
    }

    private static AuditEvent of(String type, Outcome outcome) {
        if (type.length() > TYPE_LENGTH || !TYPE.matcher(type).matches()) {
            throw new IllegalArgumentException("Not a type of an audit event: " + type);
        }
        return new AuditEvent(type, outcome, null, null, null, null, Map.of());
    }

    /** @param value may be null, as in all of these: then the event has none */
    public AuditEvent client(String value) {
        return new AuditEvent(type, outcome, name(value), tenant, seat, credentialId, details);
    }

    public AuditEvent tenant(String value) {
        return new AuditEvent(type, outcome, client, name(value), seat, credentialId, details);
    }

    public AuditEvent seat(String value) {
        return new AuditEvent(type, outcome, client, tenant, name(value), credentialId, details);
    }

    public AuditEvent credential(String value) {
        return new AuditEvent(type, outcome, client, tenant, seat, name(value), details);
    }

    /**
     * A further fact, after those given before: 32 at most, values of 131072 characters at most.
     *
     * @throws IllegalArgumentException for a key that is none: it is a constant of ours
     */
    public AuditEvent detail(String key, Object value) {
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException("Not a name of a detail: " + key);
        }
        var more = new LinkedHashMap<>(details);
        more.put(key, fit(String.valueOf(value), DETAIL_LENGTH));
        if (more.size() > DETAILS) {
            throw new IllegalArgumentException("An audit event has at most " + DETAILS + " details");
        }
        return new AuditEvent(type, outcome, client, tenant, seat, credentialId, Collections.unmodifiableMap(more));
    }

    public String type() {
        return type;
    }

    public Outcome outcome() {
        return outcome;
    }

    public Optional<String> client() {
        return Optional.ofNullable(client);
    }

    public Optional<String> tenant() {
        return Optional.ofNullable(tenant);
    }

    public Optional<String> seat() {
        return Optional.ofNullable(seat);
    }

    public Optional<String> credentialId() {
        return Optional.ofNullable(credentialId);
    }

    /** In the order they were given. */
    public Map<String, String> details() {
        return details;
    }

    private static String useCaseType(String type) {
        if (type.startsWith(OWN_PREFIX)) {
            throw new IllegalArgumentException("Types starting with " + OWN_PREFIX + " belong to the log itself");
        }
        return type;
    }

    private static String name(String value) {
        return value == null ? null : fit(value, NAME_LENGTH);
    }

    private static String fit(String value, int length) {
        return value.length() <= length && isClean(value) ? value : cleaned(value, length);
    }

    private static boolean isClean(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (Character.isISOControl(value.charAt(i)) || Character.isSurrogate(value.charAt(i))) {
                return false;
            }
        }
        return true;
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

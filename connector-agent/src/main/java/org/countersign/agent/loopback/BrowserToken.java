package org.countersign.agent.loopback;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.countersign.core.error.AgentError;
import org.countersign.core.error.ProtocolException;

/**
 * What a page's SDK gives its browser as a name: a cuid, {@code c} and at least 24 characters of base 36, with two check
 * digits behind it: the first 8 characters after {@code c}, as a number, modulo 97.
 */
final class BrowserToken {

    static final String HEADER = "X-Authentication-Token";

    private static final Pattern FORM = Pattern.compile("c([0-9a-z]{8})[0-9a-z]{16,64}([0-9]{2})");
    private static final int BASE = 36;
    private static final int MODULUS = 97;

    private BrowserToken() {}

    /** @throws ProtocolException {@code consent_required} for one that somebody changed: no consent is for it */
    static Optional<String> of(List<String> given) {
        if (given.isEmpty()) {
            return Optional.empty();
        }
        if (given.size() == 1 && isGood(given.get(0))) {
            return Optional.of(given.get(0));
        }
        throw new ProtocolException(AgentError.CONSENT_REQUIRED, "X-Authentication-Token has wrong check digits");
    }

    private static boolean isGood(String token) {
        var parts = FORM.matcher(token);
        return parts.matches() && Long.parseLong(parts.group(1), BASE) % MODULUS == Integer.parseInt(parts.group(2));
    }
}

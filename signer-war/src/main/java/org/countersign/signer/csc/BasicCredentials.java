package org.countersign.signer.csc;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.countersign.core.error.CscError;
import org.countersign.core.error.ProtocolException;

/** HTTP Basic as RFC 7617 has it: the pair as it stands, and not encoded as a form's first, as RFC 6749 wants it. */
record BasicCredentials(String name, String password) {

    private static final String BASIC = "Basic ";

    /** @param authorization the header, or null */
    static BasicCredentials of(String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            throw malformed();
        }
        String pair;
        try {
            pair = new String(
                    Base64.getDecoder()
                            .decode(authorization.substring(BASIC.length()).strip()),
                    StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notBase64) {
            throw malformed();
        }
        int colon = pair.indexOf(':');
        if (colon < 0) {
            throw ProtocolException.invalidRequest("Malformed username-password");
        }
        return new BasicCredentials(pair.substring(0, colon), pair.substring(colon + 1));
    }

    private static ProtocolException malformed() {
        return new ProtocolException(CscError.NOT_AUTHENTICATED, "Malformed authentication parameter");
    }

    @Override
    public String toString() {
        return "credentials of " + name;
    }
}

package org.countersign.server.oauth;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.specification.Rfc6749;
import org.countersign.server.web.Form;

/** A client that shows its secret, by HTTP Basic or in the form (RFC 6749 §2.3.1); not by both. */
record ClientAuthentication(String clientId, String secret) {

    private static final String BASIC = "Basic ";

    /** @param authorization the header, or null */
    static ClientAuthentication of(String authorization, Form form) {
        var inForm = form.get(Rfc6749.CLIENT_SECRET);
        if (authorization == null) {
            return new ClientAuthentication(form.get(Rfc6749.CLIENT_ID).orElse(""), inForm.orElse(""));
        }
        if (inForm.isPresent()) {
            throw ProtocolException.invalidRequest("The client must authenticate in one way, not in two");
        }
        return basic(authorization)
                .orElseThrow(() -> new ProtocolException(OAuth2Error.INVALID_CLIENT, "Bad client credentials"));
    }

    private static Optional<ClientAuthentication> basic(String authorization) {
        if (!authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return Optional.empty();
        }
        try {
            var pair = new String(
                    Base64.getDecoder()
                            .decode(authorization.substring(BASIC.length()).strip()),
                    StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            if (colon < 0) {
                return Optional.empty();
            }
            // RFC 6749 §2.3.1: both are form-encoded first.
            return Optional.of(
                    new ClientAuthentication(decode(pair.substring(0, colon)), decode(pair.substring(colon + 1))));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "authentication of client " + clientId;
    }
}

package org.countersign.agent.loopback;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.countersign.core.error.AgentError;
import org.countersign.core.error.ProtocolException;

/**
 * Binds an answer that leaves without TLS to its request, so that none of another request or of another time passes for it:
 * a compact JWS (RFC 7515 §7.1) over the nonce that the page chose, method, path, status and the body's SHA-256.
 */
final class BoundAnswer {

    /** Of the request; without it nothing is bound. */
    static final String NONCE = "X-Countersign-Nonce";
    /** Of the answer. */
    static final String HEADER = "X-Countersign-Answer";
    /** {@code typ} (RFC 7515 §4.1.9): no other JWS passes for one of these. */
    static final String TYPE = "countersign-answer+jws";

    /** Base64url of 16 to 64 characters; no base64 has one more than a multiple of four. */
    private static final Pattern FORM = Pattern.compile("(?:[A-Za-z0-9_-]{4}){4,15}(?:[A-Za-z0-9_-]{2,4})?");

    private BoundAnswer() {}

    /** The page's, when it wants the answer bound. */
    static Optional<String> nonce(Headers request) {
        var given = request.getOrDefault(NONCE, List.of());
        if (given.size() > 1
                || !given.stream().allMatch(nonce -> FORM.matcher(nonce).matches())) {
            throw new ProtocolException(AgentError.BAD_REQUEST, "The nonce is not base64url of 16 to 64 characters");
        }
        return given.stream().findFirst();
    }

    static String of(HttpExchange request, String nonce, Answer answer, AnswerSigner signer) {
        var claims = Jsons.object()
                .add("nonce", nonce)
                .add("method", request.getRequestMethod())
                .add("path", request.getRequestURI().toString())
                .add("status", answer.status())
                .add("digest", digest(answer.body()))
                .build();
        return signer.signCompact(TYPE, Jsons.bytes(claims));
    }

    private static String digest(byte[] body) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(body);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java has SHA-256", impossible);
        }
    }
}

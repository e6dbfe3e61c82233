package org.countersign.core.error;

import java.time.Duration;
import java.util.Optional;

/**
 * The one exception a caller is answered with: {@code {"error", "error_description"}}. Descriptions are constants of
 * ours; nothing of a request, a library's message or a secret goes into one.
 */
public final class ProtocolException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient ErrorCode code;
    private final String description;
    private final Duration retryAfter;

    public ProtocolException(ErrorCode code, String description) {
        this(code, description, null);
    }

    private ProtocolException(ErrorCode code, String description, Duration retryAfter) {
        // An expected answer, not a fault: no stack trace, which would cost more than the check that failed.
        super(code.wireName() + ": " + description, null, false, false);
        this.code = code;
        this.description = description;
        this.retryAfter = retryAfter;
    }

    /** A refusal that passes by itself: the answer carries {@code Retry-After}. */
    public static ProtocolException retryAfter(ErrorCode code, String description, Duration wait) {
        return new ProtocolException(code, description, wait);
    }

    public static ProtocolException invalidRequest(String description) {
        return new ProtocolException(OAuth2Error.INVALID_REQUEST, description);
    }

    public static ProtocolException accessDenied() {
        return new ProtocolException(OAuth2Error.ACCESS_DENIED, "Access is denied");
    }

    public ErrorCode code() {
        return code;
    }

    public String description() {
        return description;
    }

    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}

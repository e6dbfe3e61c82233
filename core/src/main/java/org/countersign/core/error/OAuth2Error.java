package org.countersign.core.error;

/** Error codes of RFC 6749 §5.2, RFC 6750 §3.1 and RFC 7009 §2.2.1, and the HTTP ones every interface shares. */
public enum OAuth2Error implements ErrorCode {
    INVALID_REQUEST(400),
    INVALID_CLIENT(401),
    INVALID_SCOPE(400),
    UNSUPPORTED_GRANT_TYPE(400),
    /** At a resource: 401 with {@code WWW-Authenticate: Bearer}. */
    INVALID_TOKEN(401),
    /** At check_token, whose caller shows a token but uses none: 400. */
    UNRECOGNIZED_TOKEN("invalid_token", 400),
    ACCESS_DENIED(403),
    NOT_FOUND(404),
    METHOD_NOT_ALLOWED("invalid_request", 405),
    NOT_ACCEPTABLE("invalid_request", 406),
    PAYLOAD_TOO_LARGE("invalid_request", 413),
    UNSUPPORTED_MEDIA_TYPE("invalid_request", 415),
    SLOW_DOWN(429),
    SERVER_ERROR(500),
    TEMPORARILY_UNAVAILABLE(503);

    private final String wireName;
    private final int status;

    OAuth2Error(int status) {
        this.wireName = name().toLowerCase(java.util.Locale.ROOT);
        this.status = status;
    }

    OAuth2Error(String wireName, int status) {
        this.wireName = wireName;
        this.status = status;
    }

    @Override
    public String wireName() {
        return wireName;
    }

    @Override
    public int status() {
        return status;
    }
}

package org.countersign.core.error;

/** What the API of the Cloud Signature Consortium adds to the other codes (CSC API 1.0.4.0 §10, §11.2; 2.0.0.2 §11.6; RFC 6749 §5.2). */
public enum CscError implements ErrorCode {
    /** The name or the password is wrong, or nothing is signed with by this client. */
    AUTHENTICATION_ERROR("authentication_error", 400),
    /** No {@code Authorization: Basic} where there has to be one. */
    NOT_AUTHENTICATED("invalid_request", 401),
    /** A factor is wrong or missing, in CSC API 2.0.0.2 §11.6. */
    INVALID_AUTHENTICATION_DATA("invalid_authentication_data", 400),
    /** At the token endpoint: a refresh token that is not good. */
    INVALID_GRANT("invalid_grant", 400),
    /** A method of the specification that this server has not, or that is not configured. */
    NOT_IMPLEMENTED("not_implemented", 501);

    private final String wireName;
    private final int status;

    CscError(String wireName, int status) {
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

package org.countersign.core.error;

import java.util.Locale;

/**
 * What the distribution service adds to the OAuth 2.0 codes. On the wire each has a number {@code A BB CCC}: 2 for the
 * distribution service, the area, the error. A number that agents and the service share is the agents'.
 */
public enum DsError implements ErrorCode {
    /** The thing exists already, or its state does not allow the act. */
    CONFLICT(409, 201_409),
    /** A file is not the one that the request is about (RFC 9110 §15.5.13). */
    PRECONDITION_FAILED(412, 203_412),
    /** A file has no such part (RFC 9110 §15.5.17). */
    RANGE_NOT_SATISFIABLE(416, 203_416),
    /** No consent that was shown is good for this user, browser and origin. */
    CONSENT_REQUIRED(401, 814_501),
    /** No API key, or one that is unknown, revoked or expired. */
    INVALID_API_KEY(401, 202_401),
    /** The API key is bound to other addresses. */
    ADDRESS_NOT_ALLOWED(403, 202_403),
    /** The API key is bound to a client certificate that was not shown. */
    CERTIFICATE_REQUIRED(403, 202_404),
    /** The token to be refreshed has expired, is another application's or none of ours. */
    TOKEN_NOT_REFRESHED(403, 202_405),
    /** More requests than are allowed, or too many wrong API keys from this address. */
    TOO_MANY_REQUESTS(429, 202_429),
    /** A device's call has no signature, a malformed one, or one for another request or by another key. */
    DEVICE_SIGNATURE(401, 204_001),
    /** The time of a device's signature is outside the window; the answer tells the server's. */
    DEVICE_CLOCK(401, 204_002),
    /** A device's signature was used before. */
    DEVICE_REPLAY(401, 204_003),
    /** No such device is registered; it may register (again). */
    DEVICE_UNKNOWN(401, 204_004),
    DEVICE_BLOCKED(403, 204_005),
    /** The registration key is unknown, revoked, expired or used up. */
    REGISTRATION_REFUSED(403, 204_006),
    /** A device of this identifier is registered with another key. */
    DEVICE_CONFLICT(409, 204_409);

    private final int status;
    private final int number;

    DsError(int status, int number) {
        this.status = status;
        this.number = number;
    }

    @Override
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public int status() {
        return status;
    }

    /** The {@code code} of the v3 API. */
    public int number() {
        return number;
    }
}

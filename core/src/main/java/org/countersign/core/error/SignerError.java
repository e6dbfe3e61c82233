package org.countersign.core.error;

import java.util.Locale;

/** What the remote signing server adds to the OAuth 2.0 codes; names as in CSC API 1.0.4.0 §10.1 where it has one. */
public enum SignerError implements ErrorCode {
    INVALID_PIN(400),
    INVALID_OTP(400),
    /** The SAD is unknown, expired, used up or of another client, seat or credential. */
    INVALID_SAD(400),
    /** The act does not fit where the credential is in its life. */
    CONFLICT(409),
    /** The holder was asked to approve, and did not. */
    APPROVAL_REFUSED(403),
    /** The certification authority was asked, and gave no certificate that is accepted; asking again changes nothing. */
    ENROLMENT_FAILED(502),
    /** Too many wrong factors; an administrator unlocks. */
    CREDENTIAL_LOCKED(403);

    private final int status;

    SignerError(int status) {
        this.status = status;
    }

    @Override
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public int status() {
        return status;
    }
}

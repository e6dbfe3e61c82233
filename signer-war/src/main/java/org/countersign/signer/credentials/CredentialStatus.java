package org.countersign.signer.credentials;

import java.util.Locale;

/** Where a credential is in its life. */
public enum CredentialStatus {
    FACTORS_PENDING,
    KEY_PAIR_PENDING,
    CERTIFICATE_PENDING,
    ENABLED,
    LOCKED,
    SUSPENDED,
    REVOKED;

    /** The value on the wire, such as {@code factors_pending}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}

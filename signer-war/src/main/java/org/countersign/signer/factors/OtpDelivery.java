package org.countersign.signer.factors;

import java.util.Locale;

/** Where a holder has a one-time password from. */
public enum OtpDelivery {
    /** From an authenticator of the holder's own, by time (RFC 6238). */
    AUTHENTICATOR,
    /** As a code that this server makes and a gateway takes to the holder. */
    GATEWAY;

    /** As in the configuration file. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package org.countersign.signer.factors;

/** A second factor. */
public enum Factor {
    PIN,
    OTP
}

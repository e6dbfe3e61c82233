package org.countersign.signer.factors;

/** A second factor. */
public enum Factor {
    PIN,
    OTP,
    /** The holder's approval of what is signed, on a device that a gateway reaches; beside another factor. */
    PUSH
}

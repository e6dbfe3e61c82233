package org.countersign.signer.factors;

/** A PIN, or an OTP to confirm. */
public record FactorValue(String value) {

    @Override
    public String toString() {
        return "the value of a factor";
    }
}

package org.countersign.wallet.keyattestations;

/** A key attestation that is not accepted. The message is a constant of ours, for the audit log; wallets are not told. */
public final class BadKeyAttestation extends Exception {

    private static final long serialVersionUID = 1L;

    BadKeyAttestation(String reason) {
        super(reason);
    }

    static void require(boolean holds, String reason) throws BadKeyAttestation {
        if (!holds) {
            throw new BadKeyAttestation(reason);
        }
    }
}

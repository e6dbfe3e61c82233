package org.countersign.core.error;

import java.util.Locale;

/** What the wallet provider adds to the OAuth 2.0 codes. */
public enum WalletError implements ErrorCode {
    /** Whatever is wrong with an assertion, the user, the key or the PIN: one answer for all (RFC 7523 §3.2). */
    INVALID_CLIENT(401),
    /** At a resource: the proof is missing, twice there, malformed, for another request or token, too old or used (RFC 9449 §7.1). */
    INVALID_DPOP_PROOF(401),
    /** At the token endpoint the same (RFC 9449 §5). */
    TOKEN_DPOP_PROOF("invalid_dpop_proof", 400),
    /** At a resource: the proof has no nonce of the server, or no good one (RFC 9449 §9). */
    USE_DPOP_NONCE(401),
    /** At the token endpoint the same (RFC 9449 §8). */
    TOKEN_USE_DPOP_NONCE("use_dpop_nonce", 400),
    /** At the token endpoint: a proof of an attestation has no challenge of the server, or none that is good still. */
    USE_ATTESTATION_CHALLENGE(400),
    /** At a resource: no access token that is good and bound to the proof's key (RFC 9449 §7.1). */
    INVALID_TOKEN(401),
    /** The thing exists already, or its state does not allow the act. */
    CONFLICT(409);

    private final String wireName;
    private final int status;

    WalletError(int status) {
        this.wireName = name().toLowerCase(Locale.ROOT);
        this.status = status;
    }

    WalletError(String wireName, int status) {
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

    /** Whether the answer says that a proof of possession is wanted (RFC 9449 §7.1). */
    public boolean asksForProof() {
        return this == INVALID_DPOP_PROOF || this == USE_DPOP_NONCE || this == INVALID_TOKEN;
    }
}

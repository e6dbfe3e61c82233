package org.countersign.core.specification;

/** RFC 9449, OAuth 2.0 Demonstrating Proof of Possession (DPoP). https://www.rfc-editor.org/rfc/rfc9449 */
public final class Rfc9449 {

    /** §4.2: the method of the request that the proof is for. */
    public static final String HTM = "htm";
    /** §4.2: its address, without query and fragment. */
    public static final String HTU = "htu";

    /** §4.2: {@code typ} of a proof's header. */
    public static final String TYPE = "dpop+jwt";
    /** §4.2: SHA-256 of the access token that comes with it, in base64url. */
    public static final String ATH = "ath";
    /** §4.1: the header that has the proof. */
    public static final String DPOP = "DPoP";

    /** §8: the header that has the server's nonce for the next proof. */
    public static final String DPOP_NONCE = "DPoP-Nonce";
    /** §4.2: the server's nonce in a proof. */
    public static final String NONCE = "nonce";

    private Rfc9449() {}
}

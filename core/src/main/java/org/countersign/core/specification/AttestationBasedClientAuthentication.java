package org.countersign.core.specification;

/**
 * OAuth 2.0 Attestation-Based Client Authentication, draft 11.
 * https://datatracker.ietf.org/doc/html/draft-ietf-oauth-attestation-based-client-auth-11
 */
public final class AttestationBasedClientAuthentication {

    /** The name of the method at the token endpoint. */
    public static final String METHOD = "attest_jwt_client_auth";
    /** How the attested key is proven: by a JWT of its own, not by the DPoP proof. */
    public static final String POP_METHOD = "attestation_pop_jwt";
    /** The header that has the attestation. */
    public static final String ATTESTATION = "OAuth-Client-Attestation";
    /** The header that has the proof of possession. */
    public static final String POP = "OAuth-Client-Attestation-PoP";
    /** The header by which the server tells a challenge. */
    public static final String CHALLENGE_HEADER = "OAuth-Client-Attestation-Challenge";
    /** {@code typ} of an attestation. */
    public static final String ATTESTATION_TYPE = "oauth-client-attestation+jwt";
    /** {@code typ} of a proof of possession. */
    public static final String POP_TYPE = "oauth-client-attestation-pop+jwt";
    /** The server's challenge in a proof of possession. */
    public static final String CHALLENGE = "challenge";

    private AttestationBasedClientAuthentication() {}
}

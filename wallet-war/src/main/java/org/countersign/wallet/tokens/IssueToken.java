package org.countersign.wallet.tokens;

import java.util.List;
import java.util.Optional;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.WalletError;
import org.countersign.core.jose.P256PublicKey;
import org.countersign.core.oauth2.DpopProof;
import org.countersign.core.specification.Rfc6749;
import org.countersign.core.specification.Rfc7523;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.web.Form;
import org.countersign.wallet.assertions.AssertionVerifier;
import org.countersign.wallet.attestations.AttestationProofs;
import org.countersign.wallet.nonces.Nonces;
import org.countersign.wallet.proofs.Proofs;
import org.countersign.wallet.wallets.WalletHolder;
import org.countersign.wallet.wallets.Wallets;

/**
 * Client credentials (RFC 6749 §4.4) of a wallet that authenticates by key and PIN: with an assertion (RFC 7523 §2.2), or with its
 * attestation, the proof of that and a DPoP proof by its authentication key (Attestation-Based Client Authentication).
 */
public final class IssueToken {

    private static final String PATH = "/token";

    private final AssertionVerifier assertions;
    private final AttestationProofs attestations;
    private final Nonces nonces;
    private final Proofs proofs;
    private final Wallets wallets;
    private final WalletTokens tokens;
    private final AuditLog audit;

    public IssueToken(
            AssertionVerifier assertions,
            AttestationProofs attestations,
            Nonces nonces,
            Proofs proofs,
            Wallets wallets,
            WalletTokens tokens,
            AuditLog audit) {
        this.assertions = assertions;
        this.attestations = attestations;
        this.nonces = nonces;
        this.proofs = proofs;
        this.wallets = wallets;
        this.tokens = tokens;
        this.audit = audit;
    }

    /** @param proven whether a proof came along */
    record Issued(String token, boolean proven) {}

    /**
     * The values of headers.
     *
     * @param dpop with an assertion, none for a token of type Bearer
     */
    record Headers(List<String> dpop, List<String> attestation, List<String> attestationProof) {}

    /**
     * All that can be refused without the database is refused first; then nonce and proof are used up, and only then is the PIN looked
     * at: so a request that is sent twice never spends a try.
     */
    Issued issue(Form form, Headers headers) {
        if (!form.require(Rfc6749.GRANT_TYPE).equals(Rfc6749.CLIENT_CREDENTIALS)) {
            throw new ProtocolException(OAuth2Error.UNSUPPORTED_GRANT_TYPE, "grant_type must be client_credentials");
        }
        return headers.attestation().isEmpty() && headers.attestationProof().isEmpty()
                ? issueByAssertion(form, headers.dpop())
                : issueByAttestation(form, headers);
    }

    private Issued issueByAssertion(Form form, List<String> dpop) {
        if (!form.require(Rfc7523.CLIENT_ASSERTION_TYPE).equals(Rfc7523.JWT_BEARER)) {
            throw ProtocolException.invalidRequest("client_assertion_type must be " + Rfc7523.JWT_BEARER);
        }
        var assertion = assertions.verify(form.require(Rfc7523.CLIENT_ASSERTION));
        if (!assertion.jws().text("sub").equals(Optional.of(assertion.issuer()))) {
            throw AssertionVerifier.refused();
        }
        var proof = dpop.isEmpty() ? Optional.<DpopProof>empty() : Optional.of(proof(dpop, assertion.key()));
        if (!nonces.take(assertion.nonce())) {
            throw AssertionVerifier.refused();
        }
        if (proof.isPresent() && !proofs.use(proof.get())) {
            throw badProof();
        }
        var holder = wallets.authenticate(assertion).orElseThrow(AssertionVerifier::refused);
        return issue(holder, assertion.key(), proof.isPresent());
    }

    /** Always with a proof, by the authentication key: the attested key alone is not the one a token is bound to. */
    private Issued issueByAttestation(Form form, Headers headers) {
        // RFC 6749 §2.3: no more than one method of authentication
        if (form.get(Rfc7523.CLIENT_ASSERTION).isPresent()
                || form.get(Rfc7523.CLIENT_ASSERTION_TYPE).isPresent()) {
            throw ProtocolException.invalidRequest("A client authenticates in one way only");
        }
        var client = attestations
                .verify(headers.attestation(), headers.attestationProof(), form.get(Rfc6749.CLIENT_ID))
                .orElseThrow(AssertionVerifier::refused);
        var proof = proof(headers.dpop());
        if (client.challenge().filter(nonces::take).isEmpty()) {
            throw new ProtocolException(
                    WalletError.USE_ATTESTATION_CHALLENGE, "The proof of the attestation needs a fresh challenge");
        }
        if (!proofs.use(proof)) {
            throw badProof();
        }
        var holder = wallets.authenticate(
                        client.client().statusIndex(), client.client().key(), proof.key(), client.saltedPin())
                .orElseThrow(AssertionVerifier::refused);
        return issue(holder, proof.key(), true);
    }

    private Issued issue(WalletHolder holder, P256PublicKey key, boolean proven) {
        var token = tokens.issue(holder, key, proven);
        var event = AuditEvent.success("wallet.token-issued")
                .detail("login", holder.member().login().text());
        audit.append(holder.wallet().map(id -> event.detail("wallet", id)).orElse(event));
        return new Issued(token, proven);
    }

    private DpopProof proof(List<String> dpop, P256PublicKey key) {
        var proof = proof(dpop);
        if (!proof.key().equals(key)) {
            throw badProof();
        }
        return proof;
    }

    private DpopProof proof(List<String> dpop) {
        var proof = proofs.verify(dpop, PATH, Optional.empty(), false).orElseThrow(IssueToken::badProof);
        proofs.requireNonce(proof, WalletError.TOKEN_USE_DPOP_NONCE);
        return proof;
    }

    private static ProtocolException badProof() {
        return new ProtocolException(WalletError.TOKEN_DPOP_PROOF, "The DPoP proof was not accepted");
    }
}

package org.countersign.wallet.tokens;

import java.util.List;
import java.util.Optional;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.WalletError;
import org.countersign.core.oauth2.DpopProof;
import org.countersign.core.specification.Rfc6749;
import org.countersign.core.specification.Rfc7523;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.web.Form;
import org.countersign.wallet.assertions.Assertion;
import org.countersign.wallet.assertions.AssertionVerifier;
import org.countersign.wallet.nonces.Nonces;
import org.countersign.wallet.proofs.Proofs;
import org.countersign.wallet.wallets.Wallets;

/** Client credentials (RFC 6749 §4.4) of a wallet that authenticates by key and PIN (RFC 7523 §2.2). */
public final class IssueToken {

    private static final String PATH = "/token";

    private final AssertionVerifier assertions;
    private final Nonces nonces;
    private final Proofs proofs;
    private final Wallets wallets;
    private final WalletTokens tokens;
    private final AuditLog audit;

    public IssueToken(
            AssertionVerifier assertions,
            Nonces nonces,
            Proofs proofs,
            Wallets wallets,
            WalletTokens tokens,
            AuditLog audit) {
        this.assertions = assertions;
        this.nonces = nonces;
        this.proofs = proofs;
        this.wallets = wallets;
        this.tokens = tokens;
        this.audit = audit;
    }

    /** @param proven whether a proof came along */
    record Issued(String token, boolean proven) {}

    /**
     * All that can be refused without the database is refused first; then nonce and proof are used up, and only then is the PIN looked
     * at: so a request that is sent twice never spends a try.
     *
     * @param dpop the values of the header {@code DPoP}; none for a token of type Bearer
     */
    Issued issue(Form form, List<String> dpop) {
        requireGrant(form);
        var assertion = assertions.verify(form.require(Rfc7523.CLIENT_ASSERTION));
        if (!assertion.jws().text("sub").equals(Optional.of(assertion.issuer()))) {
            throw AssertionVerifier.refused();
        }
        var proof = dpop.isEmpty() ? Optional.<DpopProof>empty() : Optional.of(proof(dpop, assertion));
        if (!nonces.take(assertion.nonce())) {
            throw AssertionVerifier.refused();
        }
        if (proof.isPresent() && !proofs.use(proof.get())) {
            throw badProof();
        }
        var holder = wallets.authenticate(assertion).orElseThrow(AssertionVerifier::refused);
        var token = tokens.issue(holder, assertion.key(), proof.isPresent());
        var event = AuditEvent.success("wallet.token-issued")
                .detail("login", holder.member().login().text());
        audit.append(holder.wallet().map(id -> event.detail("wallet", id)).orElse(event));
        return new Issued(token, proof.isPresent());
    }

    private DpopProof proof(List<String> dpop, Assertion assertion) {
        return proofs.verify(dpop, PATH, Optional.empty(), false)
                .filter(proof -> proof.key().equals(assertion.key()))
                .orElseThrow(IssueToken::badProof);
    }

    private static void requireGrant(Form form) {
        if (!form.require(Rfc6749.GRANT_TYPE).equals(Rfc6749.CLIENT_CREDENTIALS)) {
            throw new ProtocolException(OAuth2Error.UNSUPPORTED_GRANT_TYPE, "grant_type must be client_credentials");
        }
        if (!form.require(Rfc7523.CLIENT_ASSERTION_TYPE).equals(Rfc7523.JWT_BEARER)) {
            throw ProtocolException.invalidRequest("client_assertion_type must be " + Rfc7523.JWT_BEARER);
        }
    }

    private static ProtocolException badProof() {
        return new ProtocolException(WalletError.TOKEN_DPOP_PROOF, "The DPoP proof was not accepted");
    }
}

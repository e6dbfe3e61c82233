package org.countersign.wallet.proofs;

import java.net.URI;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.WalletError;
import org.countersign.core.jose.Es256;
import org.countersign.core.oauth2.DpopProof;
import org.countersign.server.persistence.Batches;
import org.countersign.server.persistence.Statements;

/** DPoP proofs for the addresses of this context (RFC 9449), each of which passes once, on whatever node. */
public final class Proofs {

    private static final String ONCE =
            "insert into used_proof (thumbprint, jti, expires_at) values (?, ?, ?) on conflict do nothing";

    private final Statements statements;
    private final String issuer;
    private final Clock clock;
    private final Es256 es256;
    private final Optional<ProofNonces> nonces;

    /**
     * @param nonces of which every proof is to have one, if any
     * @param issuer the context's public address
     * @throws IllegalArgumentException when a proof could never be for it
     */
    public Proofs(Statements statements, URI issuer, Clock clock, Es256 es256, Optional<ProofNonces> nonces) {
        this.statements = statements;
        this.issuer = issuer.toString();
        this.clock = clock;
        this.es256 = es256;
        this.nonces = nonces;
        request("", Optional.empty(), false);
    }

    private DpopProof.Request request(String path, Optional<String> token, boolean expiryAlone) {
        return new DpopProof.Request("POST", URI.create(issuer + path), token, expiryAlone);
    }

    /**
     * Verifies all but the key and the use.
     *
     * @param values of the header {@code DPoP}
     * @param path of a POST, such as {@code /token}
     * @param token that came with it, if any
     * @param expiryAlone whether one with {@code exp} and without {@code iat} will do
     * @return nothing unless there is one header (RFC 9449 §4.3 (1)) with a right proof
     */
    public Optional<DpopProof> verify(List<String> values, String path, Optional<String> token, boolean expiryAlone) {
        if (values.size() != 1) {
            return Optional.empty();
        }
        return DpopProof.verify(values.get(0), request(path, token, expiryAlone), clock, es256);
    }

    /**
     * Wants a nonce of the server in it (RFC 9449 §8, §9), when this context gives them.
     *
     * @param refusal {@code use_dpop_nonce}, with the status of the address
     * @throws ProtocolException when there is none, or another
     */
    public void requireNonce(DpopProof proof, WalletError refusal) {
        if (nonces.isPresent() && proof.nonce().filter(nonces.get()::isGood).isEmpty()) {
            throw new ProtocolException(refusal, "The DPoP proof needs the nonce of the header DPoP-Nonce");
        }
    }

    /** @return whether it was not used before (RFC 9449 §11.1) */
    public boolean use(DpopProof proof) {
        return statements.update(ONCE, statement -> {
                    statement.setBytes(1, proof.key().thumbprint());
                    statement.setString(2, proof.id());
                    statement.setObject(3, OffsetDateTime.ofInstant(proof.rememberUntil(), ZoneOffset.UTC));
                })
                > 0;
    }

    /** The chore: forgets those that would be too old by now. */
    public void purge() {
        Batches.delete(statements, "used_proof", "expires_at", clock.instant());
    }
}

package org.countersign.wallet.proofs;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.ext.Provider;
import org.countersign.core.specification.Rfc9449;

/** Whoever sends proofs is told the nonce for the next one, with whatever answer (RFC 9449 §8, §8.2, §9). */
@Provider
public final class ProofNonceHeader implements ContainerResponseFilter {

    private final ProofNonces nonces;

    public ProofNonceHeader(ProofNonces nonces) {
        this.nonces = nonces;
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (request.getHeaders().containsKey(Rfc9449.DPOP)) {
            response.getHeaders().putSingle(Rfc9449.DPOP_NONCE, nonces.fresh());
        }
    }
}

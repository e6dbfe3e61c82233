package org.countersign.wallet.attestations;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.ext.Provider;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.WalletError;
import org.countersign.core.specification.AttestationBasedClientAuthentication;
import org.countersign.server.logging.ContextLogger;
import org.countersign.server.web.ClientAddress;
import org.countersign.server.web.CurrentRequest;
import org.countersign.server.web.ExceptionAnswers;
import org.countersign.wallet.nonces.Nonces;

/**
 * Whoever is refused for want of a challenge is told one (§6.1), as by the challenge endpoint, as long as their address has a share left and one can be kept. By
 * then attestation and proofs were found right, so it is a wallet that asks.
 */
@Provider
public final class ChallengeHeader implements ContainerResponseFilter {

    private static final System.Logger LOG = ContextLogger.of(ChallengeHeader.class);

    private final Nonces nonces;
    private final ClientAddress addresses;

    public ChallengeHeader(Nonces nonces, ClientAddress addresses) {
        this.nonces = nonces;
        this.addresses = addresses;
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        var current = CurrentRequest.get();
        if (current == null
                || !WalletError.USE_ATTESTATION_CHALLENGE
                        .wireName()
                        .equals(current.getAttribute(ExceptionAnswers.REFUSED))) {
            return;
        }
        try {
            response.getHeaders()
                    .putSingle(
                            AttestationBasedClientAuthentication.CHALLENGE_HEADER, nonces.give(addresses.of(current)));
        } catch (ProtocolException tooMany) {
            // The refusal stands without one.
        } catch (RuntimeException away) {
            LOG.log(System.Logger.Level.DEBUG, "No challenge could be made for a refused wallet", away);
        }
    }
}

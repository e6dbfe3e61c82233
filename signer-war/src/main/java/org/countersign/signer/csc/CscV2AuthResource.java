package org.countersign.signer.csc;

import jakarta.ws.rs.Path;
import org.countersign.server.oauth.TokenGrants;

/** At {@code /csc/v2}. */
@Path("csc/v2")
public final class CscV2AuthResource extends ServiceAuthorizationResource {

    public CscV2AuthResource(TokenGrants grants, CscGate gate) {
        super(grants, gate);
    }
}

package org.countersign.signer.csc;

import jakarta.ws.rs.Path;
import org.countersign.server.oauth.TokenGrants;

/** At {@code /csc/v1}. */
@Path("csc/v1")
public final class CscAuthResource extends ServiceAuthorizationResource {

    public CscAuthResource(TokenGrants grants, CscGate gate) {
        super(grants, gate);
    }
}

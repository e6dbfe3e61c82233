package org.countersign.signer.wizard;

import jakarta.ws.rs.Path;
import java.net.URI;
import java.util.Optional;
import org.countersign.server.console.ConsoleSessions;
import org.countersign.server.console.OpenIdResource;
import org.countersign.server.console.OpenIdSignIn;
import org.countersign.server.web.ClientAddress;
import org.countersign.server.web.OpenToAll;

/** A holder's way to the tenant's OpenID provider and back. */
@Path("wizard/openid")
@OpenToAll
public final class HolderOpenIdResource extends OpenIdResource {

    public HolderOpenIdResource(
            Optional<OpenIdSignIn> signIn, ConsoleSessions sessions, ClientAddress addresses, URI issuer) {
        super(signIn, sessions, addresses, issuer, WizardResource.FOLDER);
    }
}

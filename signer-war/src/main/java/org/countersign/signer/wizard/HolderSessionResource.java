package org.countersign.signer.wizard;

import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.time.Duration;
import org.countersign.server.console.ConsoleSessionResource;
import org.countersign.server.console.ConsoleSessions;
import org.countersign.server.console.SignIn;
import org.countersign.server.web.ClientAddress;

/** A holder signs in to the wizard, and out. */
@Path("api/v1/session")
@Produces(MediaType.APPLICATION_JSON)
public final class HolderSessionResource extends ConsoleSessionResource {

    public HolderSessionResource(
            SignIn signIn, ConsoleSessions sessions, ClientAddress addresses, Duration idle, Ways ways, URI issuer) {
        super(signIn, sessions, addresses, idle, ways, issuer);
    }
}

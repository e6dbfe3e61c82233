package org.countersign.signer.wiring;

import jakarta.servlet.ServletContext;
import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Context;
import org.countersign.server.wiring.ContextApplication;

/** The signer's address is the context's own. */
@ApplicationPath("/")
public final class SignerApplication extends ContextApplication {

    public SignerApplication(@Context ServletContext servletContext) {
        super(servletContext);
    }
}

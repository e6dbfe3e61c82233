package org.countersign.wallet.wiring;

import jakarta.servlet.ServletContext;
import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Context;
import org.countersign.server.wiring.ContextApplication;

/** The wallet provider's address is the context's own. */
@ApplicationPath("/")
public final class WalletApplication extends ContextApplication {

    public WalletApplication(@Context ServletContext servletContext) {
        super(servletContext);
    }
}

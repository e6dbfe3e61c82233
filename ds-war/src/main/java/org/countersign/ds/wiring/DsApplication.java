package org.countersign.ds.wiring;

import jakarta.servlet.ServletContext;
import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Context;
import org.countersign.server.wiring.ContextApplication;

/** The distribution service's address is the context's own. */
@ApplicationPath("/")
public final class DsApplication extends ContextApplication {

    public DsApplication(@Context ServletContext servletContext) {
        super(servletContext);
    }
}

package org.countersign.signer.wiring;

import jakarta.servlet.ServletContext;
import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import jakarta.ws.rs.core.Context;
import java.util.Set;

/** Hands the started context's resources and providers to Jakarta REST, as they are: no scanning, no injection. */
@ApplicationPath("/")
public final class SignerApplication extends Application {

    private final ServletContext servletContext;

    public SignerApplication(@Context ServletContext servletContext) {
        this.servletContext = servletContext;
    }

    @Override
    public Set<Class<?>> getClasses() {
        return Set.of();
    }

    @Override
    @SuppressWarnings("deprecation") // the replacement is discovery, which would make the objects itself
    public Set<Object> getSingletons() {
        return SignerLifecycle.signerOf(servletContext).components();
    }
}

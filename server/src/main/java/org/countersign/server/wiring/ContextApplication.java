package org.countersign.server.wiring;

import jakarta.servlet.ServletContext;
import jakarta.ws.rs.core.Application;
import java.util.Set;

/**
 * Hands the started context's resources and providers to Jakarta REST, as they are: no scanning, no injection. A WAR has
 * one class that extends it and names the path.
 */
public abstract class ContextApplication extends Application {

    private final ServletContext servletContext;

    protected ContextApplication(ServletContext servletContext) {
        this.servletContext = servletContext;
    }

    @Override
    public final Set<Class<?>> getClasses() {
        return Set.of();
    }

    @Override
    @SuppressWarnings("deprecation") // the replacement is discovery, which would make the objects itself
    public final Set<Object> getSingletons() {
        return ContextLifecycle.startedIn(servletContext).components();
    }
}

package org.countersign.server.wiring;

import java.util.Set;
import org.countersign.server.tenancy.Drain;
import org.countersign.server.web.ErrorForm;

/** A context in service, until it is closed. */
public final class StartedContext implements AutoCloseable {

    private final Set<Object> components;
    private final Drain drain;
    private final ErrorForm errors;
    private final Closing closing;

    StartedContext(Set<Object> components, Drain drain, ErrorForm errors, Closing closing) {
        this.components = components;
        this.drain = drain;
        this.errors = errors;
        this.closing = closing;
    }

    /** Resources and providers. */
    Set<Object> components() {
        return components;
    }

    /** To be asked before every request. */
    Drain drain() {
        return drain;
    }

    /** What refusals look like. */
    ErrorForm errors() {
        return errors;
    }

    @Override
    public void close() {
        closing.close();
    }
}

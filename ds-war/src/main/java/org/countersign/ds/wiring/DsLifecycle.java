package org.countersign.ds.wiring;

import java.nio.file.Path;
import java.util.Map;
import org.countersign.ds.configuration.DsConfiguration;
import org.countersign.server.tenancy.ContextName;
import org.countersign.server.time.SynchronizedClock;
import org.countersign.server.wiring.ContextLifecycle;
import org.countersign.server.wiring.ContextOrigin;
import org.countersign.server.wiring.StartedContext;

/** The life of a distribution service's context. */
public final class DsLifecycle extends ContextLifecycle<DsConfiguration> {

    public DsLifecycle() {
        super(Ds.PRODUCT);
    }

    @Override
    protected DsConfiguration read(Path file, ContextName context, Map<String, String> environment) {
        return DsConfiguration.read(file, context, environment);
    }

    @Override
    protected StartedContext start(DsConfiguration configuration, ContextOrigin origin, SynchronizedClock clock) {
        return Ds.start(configuration, origin, clock);
    }
}

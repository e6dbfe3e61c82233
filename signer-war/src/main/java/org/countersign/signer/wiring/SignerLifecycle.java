package org.countersign.signer.wiring;

import java.nio.file.Path;
import java.util.Map;
import org.countersign.server.tenancy.ContextName;
import org.countersign.server.time.SynchronizedClock;
import org.countersign.server.wiring.ContextLifecycle;
import org.countersign.server.wiring.ContextOrigin;
import org.countersign.server.wiring.StartedContext;
import org.countersign.signer.configuration.SignerConfiguration;

/** The life of a signer's context. */
public final class SignerLifecycle extends ContextLifecycle<SignerConfiguration> {

    public SignerLifecycle() {
        super(Signer.PRODUCT);
    }

    @Override
    protected SignerConfiguration read(Path file, ContextName context, Map<String, String> environment) {
        return SignerConfiguration.read(file, context, environment);
    }

    @Override
    protected StartedContext start(SignerConfiguration configuration, ContextOrigin origin, SynchronizedClock clock) {
        return Signer.start(configuration, origin, clock);
    }
}

package org.countersign.wallet.wiring;

import java.nio.file.Path;
import java.util.Map;
import org.countersign.server.tenancy.ContextName;
import org.countersign.server.time.SynchronizedClock;
import org.countersign.server.wiring.ContextLifecycle;
import org.countersign.server.wiring.ContextOrigin;
import org.countersign.server.wiring.StartedContext;
import org.countersign.wallet.configuration.WalletConfiguration;

/** The life of a wallet provider's context. */
public final class WalletLifecycle extends ContextLifecycle<WalletConfiguration> {

    public WalletLifecycle() {
        super(Wallet.PRODUCT);
    }

    @Override
    protected WalletConfiguration read(Path file, ContextName context, Map<String, String> environment) {
        return WalletConfiguration.read(file, context, environment);
    }

    @Override
    protected StartedContext start(WalletConfiguration configuration, ContextOrigin origin, SynchronizedClock clock) {
        return Wallet.start(configuration, origin, clock);
    }
}

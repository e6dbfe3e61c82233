package org.countersign.server.wiring;

import java.nio.file.Path;
import java.util.Map;
import org.countersign.core.entropy.Entropy;
import org.countersign.server.tenancy.ContextName;

/**
 * Where a context comes from.
 *
 * @param configuration its configuration file
 * @param version the WAR's own, {@code 0.1.4}
 * @param temporaryFolder the server's for this context
 */
public record ContextOrigin(
        ContextName context,
        String version,
        Path configuration,
        Map<String, String> environment,
        Path temporaryFolder,
        Entropy entropy) {

    public ContextOrigin {
        environment = Map.copyOf(environment);
    }
}

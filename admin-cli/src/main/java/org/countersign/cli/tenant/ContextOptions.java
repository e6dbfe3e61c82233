package org.countersign.cli.tenant;

import java.nio.file.Path;
import java.time.Clock;
import org.countersign.cli.installation.Installation;
import org.countersign.cli.terminal.Result;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.wiring.Wiring;
import picocli.CommandLine.Option;

/** The options of every command about a tenant: which context, and in which form the result is told. */
@Wiring
final class ContextOptions {

    @Option(
            names = "--context",
            required = true,
            paramLabel = "NAME",
            description = "The company's context, such as signer-acme.")
    private String name;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The version's application.properties; by default where the environment variable"
                    + " SIGNER_…_CONFIG_LOCATION says.")
    private Path properties;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    Result result() {
        return new Result(json);
    }

    /** @throws org.countersign.cli.terminal.Refusal naming everything that is wrong with the configuration */
    TenantContext context() {
        return TenantContext.read(
                name,
                properties,
                Installation.locate().version(),
                System.getenv(),
                Entropy.system(),
                Clock.systemUTC());
    }
}

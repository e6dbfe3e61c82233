package org.countersign.cli.tenant;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The group {@code countersign tenant}. */
@Command(
        name = "tenant",
        description = "Take a tenant from one company's context to another's, or its keys from one vault to another.",
        mixinStandardHelpOptions = true,
        subcommands = {TenantExportCommand.class, TenantImportCommand.class, MoveKeysCommand.class})
public final class TenantCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do with the tenant: export, import or move-keys");
    }
}

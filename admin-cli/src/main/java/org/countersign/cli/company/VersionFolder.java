package org.countersign.cli.company;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.countersign.cli.terminal.Refusal;
import org.countersign.server.tenancy.ConfigurationLocation;
import org.countersign.server.tenancy.ContextName;
import org.countersign.server.tenancy.Drain;

/** The folder of one version, {@code /opt/signer/015}: its {@code application.properties}, a WAR and a JSON per company. */
record VersionFolder(Path path) {

    /** What a deployment beside another one is called after: {@code 015}. */
    String name() {
        return path.getFileName().toString();
    }

    /** @throws Refusal when it has no WAR for the company */
    War war(String company) throws IOException {
        var file = path.resolve(company + ".war");
        if (!Files.isRegularFile(file)) {
            throw Refusal.failed(file + " does not exist: put the version's WAR there, under this name.");
        }
        return War.read(file);
    }

    boolean has(String company) {
        return Files.isRegularFile(path.resolve(company + ".war"));
    }

    Path properties() {
        return path.resolve("application.properties");
    }

    /** The company's file, as a server would find it. */
    Path configuration(String company) {
        return ConfigurationLocation.named(properties(), new ContextName(company));
    }

    /** The file that drains a deployment of this version. */
    Path drainFlag(String company, String deployed) {
        return Drain.flag(configuration(company), new ContextName(deployed));
    }

    /** Whether a company's deployments of this version and another one would look for the same flag. */
    boolean restsWith(VersionFolder other, String company) throws IOException {
        var folder = drainFlag(company, company).toAbsolutePath().getParent();
        var others = other.drainFlag(company, company).toAbsolutePath().getParent();
        return Files.isDirectory(folder) && Files.isDirectory(others) && Files.isSameFile(folder, others);
    }
}

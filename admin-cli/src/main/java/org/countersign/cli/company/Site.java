package org.countersign.cli.company;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.countersign.cli.servers.Deployments;
import org.countersign.cli.terminal.Refusal;
import org.countersign.core.entropy.Entropy;

/**
 * One application server with its companies, as the options of the command describe it.
 *
 * @param folder where the folders of the versions lie, {@code /opt/signer}
 * @param deploymentFolder from which the server deploys
 * @param address of the server itself, without a front
 * @param environment what the server's is, for the references in configuration files
 * @param state where this command keeps journals, backups and canaries
 * @param patience how long one thing may take that the server does
 */
record Site(
        Path folder,
        Path deploymentFolder,
        Deployments deployments,
        URI address,
        Map<String, String> environment,
        Path state,
        Optional<NginxFront> front,
        Path waitingRoom,
        Duration patience) {

    static final String WAR = ".war";

    private static final Entropy ENTROPY = Entropy.system();

    /** The folders that look like a version's, by name. */
    List<VersionFolder> versions() throws IOException {
        try (var folders = Files.list(folder)) {
            return folders.filter(path -> Files.isRegularFile(path.resolve("application.properties")))
                    .sorted()
                    .map(VersionFolder::new)
                    .toList();
        }
    }

    /** @throws Refusal when there is none of this name */
    VersionFolder version(String name) throws IOException {
        return versions().stream()
                .filter(version -> version.name().equals(name))
                .findFirst()
                .orElseThrow(() -> Refusal.failed(
                        folder.resolve(name) + " is no version's folder: it needs an application.properties."));
    }

    /** The folder from which a company's deployed WAR came: the one whose WAR for the company has the same version. */
    VersionFolder deployedVersion(String company) throws IOException {
        var file = deployed(company);
        if (!Files.isRegularFile(file)) {
            throw Refusal.failed(company + " is not deployed: " + file + " does not exist.");
        }
        var version = War.read(file).version();
        for (VersionFolder candidate : versions()) {
            if (candidate.has(company) && candidate.war(company).version().equals(version)) {
                return candidate;
            }
        }
        throw Refusal.failed(company + " runs version " + version + ", and no folder in " + folder
                + " has a WAR of that version for it.");
    }

    /** @throws Refusal for a distribution service, which is not moved yet */
    void requireSigner(String company) throws IOException {
        var file = deployed(company);
        var other = Files.isRegularFile(file) ? War.find(file).flatMap(War::otherProduct) : Optional.<String>empty();
        if (other.isPresent()) {
            throw Refusal.failed(company + " is a " + other.get() + ", which this command does not move yet.");
        }
    }

    /** The file that is deployed under a name, there or not. */
    Path deployed(String context) {
        return deploymentFolder.resolve(context + WAR);
    }

    /** The names of everything that is to be deployed. */
    List<String> contexts() throws IOException {
        try (var files = Files.list(deploymentFolder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(WAR) && !name.startsWith("."))
                    .map(name -> name.substring(0, name.length() - WAR.length()))
                    .sorted()
                    .toList();
        }
    }

    URI context(String deployed) {
        return URI.create(address + "/" + deployed);
    }

    ContextHealth health(String deployed) {
        return Files.exists(deployed(WaitingRoom.CONTEXT))
                ? ContextHealth.ofPlaceWithRoom(context(deployed), ENTROPY.token())
                : ContextHealth.of(context(deployed));
    }

    static String beside(String company, VersionFolder version) {
        return company + "--" + version.name();
    }
}

package org.countersign.cli.company;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.countersign.cli.installation.Installation;
import org.countersign.cli.process.Folders;
import org.countersign.cli.servers.Deployments;
import org.countersign.cli.servers.LibertyDeployments;
import org.countersign.cli.servers.ServerKind;
import org.countersign.cli.servers.WildFlyDeployments;
import org.countersign.cli.terminal.Refusal;
import org.countersign.cli.terminal.Result;
import org.countersign.cli.terminal.Terminal;
import picocli.CommandLine.Option;

/** The options that say where server, companies and front are. Kept in a file, they are given as {@code @FILE}. */
final class SiteOptions {

    private static final String ROOT = "root";

    @Option(
            names = "--folder",
            required = true,
            paramLabel = "DIR",
            description = "Where the folders of the versions lie, such as /opt/signer with 014 and 015.")
    private Path folder;

    @Option(
            names = "--server",
            defaultValue = "wildfly",
            paramLabel = "SERVER",
            description = "The application server: wildfly (default) or liberty.")
    private String server;

    @Option(
            names = "--deployments",
            required = true,
            paramLabel = "DIR",
            description = "WildFly's standalone/deployments, or Liberty's dropins.")
    private Path deployments;

    @Option(names = "--server-log", paramLabel = "FILE", description = "Liberty's messages.log; needed there.")
    private Path serverLog;

    @Option(
            names = "--url",
            defaultValue = "http://127.0.0.1:8080",
            paramLabel = "URL",
            description = "The server itself, not the front; default http://127.0.0.1:8080.")
    private URI url;

    @Option(
            names = "--environment-file",
            paramLabel = "FILE",
            description =
                    "NAME=value lines of the server's environment, readable by its owner only: what the companies'"
                            + " files refer to. Without it, this process's own environment.")
    private Path environmentFile;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "Journals, backups and canaries; default moves in --folder.")
    private Path state;

    @Option(
            names = "--patience",
            defaultValue = "300",
            paramLabel = "SECONDS",
            description = "How long one thing may take that the server does; default 300.")
    private int patience;

    @Option(
            names = "--nginx-include",
            paramLabel = "FILE",
            description = "companies.conf of the shipped nginx configuration. Without it, there is no front.")
    private Path nginxInclude;

    @Option(
            names = "--nginx",
            defaultValue = "nginx",
            paramLabel = "COMMAND",
            description = "nginx's program, with -c and -p if it needs them; default nginx.")
    private String nginx;

    @Option(
            names = "--nginx-pid",
            defaultValue = "/run/nginx.pid",
            paramLabel = "FILE",
            description = "Where nginx keeps its process number; default /run/nginx.pid.")
    private Path nginxPid;

    @Option(names = "--front-url", paramLabel = "URL", description = "The front; needed with --nginx-include.")
    private URI frontUrl;

    @Option(names = "--json", description = "Print the result as one JSON object; progress goes to standard error.")
    private boolean json;

    Result result() {
        return new Result(json);
    }

    Site site(Map<String, String> environment, Terminal terminal) throws IOException {
        for (Path needed : List.of(folder, deployments)) {
            if (!Files.isDirectory(needed)) {
                throw Refusal.failed(needed + " is no folder.");
            }
        }
        var root = folder.toAbsolutePath().normalize();
        return new Site(
                root,
                deployments.toAbsolutePath().normalize(),
                server(),
                URI.create(url.toString().replaceFirst("/$", "")),
                ServerEnvironment.read(environment, environmentFile),
                state(
                        state == null
                                ? root.resolve("moves")
                                : state.toAbsolutePath().normalize()),
                front(terminal),
                Installation.locate().waitingRoomWar(),
                Duration.ofSeconds(patience));
    }

    /**
     * It stays the caller's: what root works with in there must not be the server's user's to exchange. That one may pass
     * through, to the canary's secret.
     */
    private static Path state(Path wanted) throws IOException {
        if (!Files.isDirectory(wanted)) {
            Folders.permit(Folders.createPrivate(wanted), PosixFilePermissions.fromString("rwx--x--x"));
        } else if (ROOT.equals(System.getProperty("user.name"))
                && !ROOT.equals(Files.getOwner(wanted).getName())) {
            throw Refusal.failed(wanted + " belongs to " + Files.getOwner(wanted)
                    + ": root works in a folder of its own only. Give it to root, or run the command as its owner.");
        }
        return wanted;
    }

    /** Held by one command that changes something; a killed one's is gone with it. */
    FileChannel lock(Site site) throws IOException {
        var channel =
                FileChannel.open(site.state().resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException inThisProcess) {
            // As well as another process's.
        }
        channel.close();
        throw Refusal.failed("Another command is moving a company of this server: " + site.state() + "/lock is held.");
    }

    private Deployments server() {
        var kind = ServerKind.named(server)
                .orElseThrow(() -> new Refusal(Refusal.USAGE, "--server is wildfly or liberty, not " + server + "."));
        if (kind == ServerKind.WILDFLY) {
            return new WildFlyDeployments(deployments);
        }
        if (serverLog == null) {
            throw new Refusal(Refusal.USAGE, "--server liberty needs --server-log FILE, its messages.log.");
        }
        return new LibertyDeployments(deployments, serverLog);
    }

    private Optional<NginxFront> front(Terminal terminal) {
        if (nginxInclude == null) {
            return Optional.empty();
        }
        if (frontUrl == null) {
            throw new Refusal(Refusal.USAGE, "--nginx-include needs --front-url URL, to see who answers there.");
        }
        return Optional.of(new NginxFront(
                nginxInclude.toAbsolutePath().normalize(),
                List.of(nginx.strip().split("\\s+")),
                nginxPid,
                URI.create(frontUrl.toString().replaceFirst("/$", "")),
                terminal));
    }
}

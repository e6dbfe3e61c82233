package org.countersign.cli.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.countersign.cli.process.Folders;

/** WildFly's {@code jboss.server.base.dir}: configuration, deployments, logs and temporary files of one server. */
final class WildFlyFolder implements ServerFolder {

    private static final Pattern ENTRY = Pattern.compile("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d,\\d+ +([A-Z]+) .*");
    private static final String STARTING = "WFLYSRV0049";

    private static final long LONGEST_UPLOAD = 4L << 30;

    private final Path path;

    WildFlyFolder(Path path) {
        this.path = path;
    }

    @Override
    public Path path() {
        return path;
    }

    Path configuration() {
        return path.resolve("configuration");
    }

    @Override
    public ServerLog log() {
        return new ServerLog(path.resolve("log/server.log"), ENTRY, STARTING);
    }

    @Override
    public Deployments deployments() {
        return new WildFlyDeployments(path.resolve("deployments"));
    }

    /** The configuration is WildFly's own, copied anew when another version comes. */
    @Override
    public void prepare(ServerSettings settings) throws IOException {
        Folders.createPrivate(path);
        Files.createDirectories(path.resolve("deployments"));
        Files.createDirectories(path.resolve("log"));
        Folders.deleteTree(temporary());
        Folders.createPrivate(temporary());
        var version = path.resolve("copied-from");
        var name = settings.home().getFileName().toString();
        if (!Files.isDirectory(configuration())
                || !Files.isRegularFile(version)
                || !Files.readString(version).equals(name)) {
            Folders.copyTree(settings.home().resolve("standalone/configuration"), configuration());
            allowUploads(configuration().resolve("standalone.xml"));
            Files.writeString(version, name);
        }
    }

    /** WildFly cuts every payload off after 10 MiB; the contexts have limits of their own, by address. */
    private static void allowUploads(Path standalone) throws IOException {
        Files.writeString(
                standalone,
                Files.readString(standalone)
                        .replace(
                                "<http-listener name=\"default\" ",
                                "<http-listener name=\"default\" max-post-size=\"" + LONGEST_UPLOAD + "\" "));
    }

    @Override
    public List<String> command(ServerSettings settings) {
        return WildFlyCommand.of(settings, this);
    }

    @Override
    public Map<String, String> environment() {
        return Map.of();
    }
}

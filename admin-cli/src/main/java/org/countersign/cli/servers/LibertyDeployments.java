package org.countersign.cli.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.countersign.cli.process.Folders;

/**
 * Open Liberty's folder {@code dropins}, which the server looks at by itself; what became of a file stands in its log only.
 */
public final class LibertyDeployments implements Deployments {

    /** CWWKZ0001I started, CWWKZ0003I updated, CWWKZ0009I stopped, CWWKZ0002E, 4E and 12I not started. */
    private static final String OUTCOME = "CWWKZ(0001I|0002E|0003I|0004E|0009I|0012I): .*?[Aa]pplication ";

    private static final String END = "(?: .*|\\.(?: .*)?)$";

    private final Path folder;
    private final Path log;
    private final Map<String, LogPosition> since = new HashMap<>();

    /**
     * @param folder {@code usr/servers/NAME/dropins}
     * @param log the server's {@code messages.log}
     */
    public LibertyDeployments(Path folder, Path log) {
        this.folder = folder;
        this.log = log;
    }

    /** With the same content too: the server looks at the time. */
    @Override
    public void deploy(String name, Path archive) throws IOException {
        since.put(name, LogPosition.endOf(log));
        if (!Folders.copyIfDifferent(archive, folder.resolve(name))) {
            Files.setLastModifiedTime(folder.resolve(name), FileTime.from(newerThan(folder.resolve(name))));
        }
    }

    @Override
    public void undeploy(String name) throws IOException {
        since.put(name, LogPosition.endOf(log));
        Files.deleteIfExists(folder.resolve(name));
    }

    @Override
    public State state(String name) throws IOException {
        var application = Pattern.quote(name.substring(0, name.lastIndexOf('.')));
        var pattern = Pattern.compile(OUTCOME + application + END);
        var state = State.PENDING;
        for (String line : since.getOrDefault(name, LogPosition.BEGINNING).linesOf(log)) {
            var outcome = pattern.matcher(line);
            if (outcome.find()) {
                state = switch (outcome.group(1)) {
                    case "0001I", "0003I" -> State.DEPLOYED;
                    case "0009I" -> State.UNDEPLOYED;
                    default -> State.failed(line.substring(outcome.start()));
                };
            }
        }
        return state;
    }

    /** The server compares whole seconds on some file systems. */
    private static Instant newerThan(Path file) throws IOException {
        return Files.getLastModifiedTime(file).toInstant().plusSeconds(1);
    }
}

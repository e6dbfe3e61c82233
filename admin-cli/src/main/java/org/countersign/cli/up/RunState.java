package org.countersign.cli.up;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.countersign.cli.process.Folders;
import org.countersign.cli.process.ProcessIdentity;
import org.countersign.cli.servers.ServerKind;

/**
 * What runs on a data folder, in {@code run/supervisor.json}.
 *
 * @param supervisor the process that owns the servers
 * @param server its kind
 * @param address of the server
 * @param databasePort of PostgreSQL, on loopback; 0 before it runs
 * @param ready whether its contexts answered
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RunState(ProcessIdentity supervisor, ServerKind server, URI address, int databasePort, boolean ready) {

    private static final JsonMapper JSON = new JsonMapper();

    /** The state, when the supervisor that wrote it still runs. */
    public static Optional<RunState> current(DataFolder data) {
        try {
            var state = JSON.readValue(Files.readAllBytes(file(data)), RunState.class);
            return Optional.of(state).filter(it -> it.supervisor().running().isPresent());
        } catch (IOException missingOrCutShort) {
            return Optional.empty();
        }
    }

    /** Where the signer's API is: its context on the server. */
    public URI signer() {
        return Context.signer(address);
    }

    void save(DataFolder data) throws IOException {
        Folders.writePrivate(file(data), JSON.writeValueAsBytes(this));
    }

    static void clear(DataFolder data) throws IOException {
        Files.deleteIfExists(file(data));
    }

    private static Path file(DataFolder data) {
        return data.run().resolve("supervisor.json");
    }
}

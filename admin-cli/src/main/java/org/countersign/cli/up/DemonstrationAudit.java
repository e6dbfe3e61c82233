package org.countersign.cli.up;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.countersign.cli.terminal.Refusal;
import org.countersign.server.audit.AnchorKey;
import org.countersign.server.audit.AnchorPublicKey;

/**
 * Where the audit log of a running {@code up} is, and the key its anchor is signed with: derived from the SAD key, as the
 * server does, and not taken from beside the anchor.
 */
public record DemonstrationAudit(String url, String user, String password, Path anchor, AnchorPublicKey key) {

    /** @throws Refusal when nothing runs on the folder: the database is needed */
    public static DemonstrationAudit of(DataFolder data) throws IOException {
        var state = RunState.current(data)
                .filter(RunState::ready)
                .orElseThrow(
                        () -> Refusal.failed(
                                "Nothing runs on " + data.path()
                                        + ", and its database is needed. Start it with ./countersign up, or name a database with --url."));
        var material = secret(data, "sad-key").getBytes(StandardCharsets.UTF_8);
        return new DemonstrationAudit(
                "jdbc:postgresql://127.0.0.1:" + state.databasePort() + "/" + Context.DATABASE,
                Context.DATABASE_USER,
                secret(data, "database"),
                data.path().resolve("audit-anchor").resolve(Context.NAME),
                AnchorKey.derive(material).publicKey());
    }

    private static String secret(DataFolder data, String name) throws IOException {
        return Files.readString(data.secrets().resolve(name)).strip();
    }

    @Override
    public String toString() {
        return "the audit log at " + url;
    }
}

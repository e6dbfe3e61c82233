package org.countersign.cli.up;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.countersign.cli.database.EmbeddedDatabase;
import org.countersign.cli.installation.Installation;
import org.countersign.cli.process.Folders;
import org.countersign.cli.servers.ServerKind;
import org.countersign.cli.servers.ServerSettings;

/** The ready-to-run context {@code signer-acme}: its files in the data folder, its settings, secrets and addresses. */
final class Context {

    static final String NAME = "signer-acme";
    static final String WAR = NAME + ".war";
    static final String DATABASE = "acme";
    static final String DATABASE_USER = "countersign";
    static final String ADMINISTRATOR_SECRET = "ACME_ADMIN_SECRET";

    private final Installation installation;
    private final DataFolder data;
    private final Secrets secrets;

    Context(Installation installation, DataFolder data, Secrets secrets) {
        this.installation = installation;
        this.data = data;
        this.secrets = secrets;
    }

    /** Writes the file that leads to the configuration, and the configuration itself at the first start only. */
    void writeConfiguration() throws IOException {
        var own = data.config().resolve(NAME + ".json");
        if (!Files.exists(own)) {
            Folders.writePrivate(own, Files.readAllBytes(installation.tenantTemplate(NAME)));
        }
        var line = "configuration.fileName=" + escaped(data.config() + "/$CONTEXT_NAME.json") + "\n";
        Folders.writePrivate(properties(data), line.getBytes(StandardCharsets.US_ASCII));
    }

    String databasePassword() throws IOException {
        return secrets.get("database");
    }

    ServerSettings settings(ServerKind kind, int port, EmbeddedDatabase database) throws IOException {
        return new ServerSettings(kind, installation.home(kind), data.server(kind))
                .httpPort(port)
                .systemProperty("signer-" + installation.version() + ".config.location", "file:" + properties(data))
                .environment("ACME_DATABASE_URL", database.url(DATABASE))
                .environment("ACME_DATABASE_USER", DATABASE_USER)
                .environment("ACME_DATABASE_PASSWORD", databasePassword())
                .environment("SIGNER_SAD_KEY_SIGNER_ACME", secrets.get("sad-key"))
                .environment("SIGNER_MASTER_SECRET_SIGNER_ACME", secrets.get("master-secret"))
                .withoutEnvironment(ADMINISTRATOR_SECRET)
                .withoutEnvironment(Detached.ADMINISTRATOR_SECRET)
                .deployment(WAR, installation.signerWar());
    }

    static URI signer(URI server) {
        return server.resolve("/" + NAME);
    }

    static URI ready(URI server) {
        return server.resolve("/" + NAME + "/health/ready");
    }

    static Path properties(DataFolder data) {
        return data.config().resolve("application.properties");
    }

    /** As {@link java.util.Properties} reads it, whichever encoding the reader takes the file for. */
    static String escaped(String value) {
        var escaped = new StringBuilder();
        for (char character : value.toCharArray()) {
            if (character == '\\') {
                escaped.append("\\\\");
            } else if (character < ' ' || character > '~') {
                escaped.append("\\u").append(HexFormat.of().toHexDigits(character));
            } else {
                escaped.append(character);
            }
        }
        return escaped.toString();
    }
}

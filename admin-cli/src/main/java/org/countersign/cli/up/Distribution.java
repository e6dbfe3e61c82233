package org.countersign.cli.up;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.countersign.cli.database.EmbeddedDatabase;
import org.countersign.cli.installation.Installation;
import org.countersign.cli.process.Folders;
import org.countersign.cli.servers.ServerSettings;

/** The ready-to-run context {@code ds-acme} of the distribution service, on the same servers as the signer's. */
final class Distribution {

    static final String NAME = "ds-acme";
    static final String DATABASE = "distribution";
    static final String OPERATOR = "dsOperator";

    private static final String OPERATOR_SECRET = "ds-operator";

    private final Installation installation;
    private final DataFolder data;
    private final Secrets secrets;

    Distribution(Installation installation, DataFolder data, Secrets secrets) {
        this.installation = installation;
        this.data = data;
        this.secrets = secrets;
    }

    /** At the first start only. */
    void writeConfiguration() throws IOException {
        var own = data.config().resolve(NAME + ".json");
        if (!Files.exists(own)) {
            Folders.writePrivate(own, Files.readAllBytes(installation.tenantTemplate(NAME)));
        }
    }

    /** @param databasePassword of {@link Context#DATABASE_USER}, whose databases all are */
    void addTo(ServerSettings settings, int port, EmbeddedDatabase database, String databasePassword)
            throws IOException {
        settings.systemProperty("ds-" + installation.version() + ".config.location", "file:" + Context.properties(data))
                .environment("DISTRIBUTION_DATABASE_URL", database.url(DATABASE))
                .environment("DISTRIBUTION_DATABASE_USER", Context.DATABASE_USER)
                .environment("DISTRIBUTION_DATABASE_PASSWORD", databasePassword)
                .environment(
                        "DISTRIBUTION_ISSUER",
                        address(URI.create("http://127.0.0.1:" + port)).toString())
                .environment("DISTRIBUTION_OPERATOR_SECRET", secrets.get(OPERATOR_SECRET))
                .environment("DS_MASTER_SECRET_DS_ACME", secrets.get("ds-master-secret"))
                .deployment(NAME + ".war", installation.dsWar());
    }

    static URI address(URI server) {
        return server.resolve("/" + NAME);
    }

    static URI ready(URI server) {
        return server.resolve("/" + NAME + "/health/ready");
    }

    /** The file with the secret of {@link #OPERATOR}. */
    static Path operatorSecret(DataFolder data) {
        return data.secrets().resolve(OPERATOR_SECRET);
    }
}

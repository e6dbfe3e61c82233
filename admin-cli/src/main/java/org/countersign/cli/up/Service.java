package org.countersign.cli.up;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Function;
import org.countersign.cli.database.EmbeddedDatabase;
import org.countersign.cli.installation.Installation;
import org.countersign.cli.process.Folders;
import org.countersign.cli.servers.ServerSettings;

/** The ready-to-run contexts that operators run, on the same servers as the signer's. */
enum Service {
    DISTRIBUTION("ds", "distribution", Installation::dsWar),
    WALLET("wallet", "wallet", Installation::walletWar);

    private final String product;
    private final String database;
    private final Function<Installation, Path> war;

    Service(String product, String database, Function<Installation, Path> war) {
        this.product = product;
        this.database = database;
        this.war = war;
    }

    String product() {
        return product;
    }

    String database() {
        return database;
    }

    /** The client that operates it. */
    String operator() {
        return product + "Operator";
    }

    /** The file with that client's secret. */
    Path operatorSecret(DataFolder data) {
        return data.secrets().resolve(operatorSecret());
    }

    URI address(URI server) {
        return server.resolve("/" + context());
    }

    URI ready(URI server) {
        return server.resolve("/" + context() + "/health/ready");
    }

    private String context() {
        return product + "-acme";
    }

    private String operatorSecret() {
        return product + "-operator";
    }

    /** At the first start only. */
    void writeConfiguration(Installation installation, DataFolder data) throws IOException {
        var own = data.config().resolve(context() + ".json");
        if (!Files.exists(own)) {
            Folders.writePrivate(own, Files.readAllBytes(installation.tenantTemplate(context())));
        }
    }

    /** @param databasePassword of {@link Context#DATABASE_USER}, whose databases all are */
    void addTo(
            ServerSettings settings,
            Installation installation,
            DataFolder data,
            Secrets secrets,
            URI server,
            EmbeddedDatabase ofAll,
            String databasePassword)
            throws IOException {
        var prefix = name() + "_";
        settings.systemProperty(
                        product + "-" + installation.version() + ".config.location", "file:" + Context.properties(data))
                .environment(prefix + "DATABASE_URL", ofAll.url(database))
                .environment(prefix + "DATABASE_USER", Context.DATABASE_USER)
                .environment(prefix + "DATABASE_PASSWORD", databasePassword)
                .environment(prefix + "ISSUER", address(server).toString())
                .environment(prefix + "OPERATOR_SECRET", secrets.get(operatorSecret()))
                .environment(masterSecret(), secrets.get(product + "-master-secret"))
                .deployment(context() + ".war", war.apply(installation));
    }

    /** Such as {@code DS_MASTER_SECRET_DS_ACME}. */
    private String masterSecret() {
        return (product + "_MASTER_SECRET_" + context().replace('-', '_')).toUpperCase(Locale.ROOT);
    }
}

package org.countersign.cli.up;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.countersign.cli.database.EmbeddedDatabase;
import org.countersign.cli.installation.Installation;
import org.countersign.cli.process.Folders;
import org.countersign.cli.servers.ServerSettings;

/** The ready-to-run context {@code wallet-acme} of the wallet provider, on the same servers as the signer's. */
final class WalletProvider {

    static final String NAME = "wallet-acme";
    static final String DATABASE = "wallet";
    static final String OPERATOR = "walletOperator";

    private static final String OPERATOR_SECRET = "wallet-operator";

    private final Installation installation;
    private final DataFolder data;
    private final Secrets secrets;

    WalletProvider(Installation installation, DataFolder data, Secrets secrets) {
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
        settings.systemProperty(
                        "wallet-" + installation.version() + ".config.location", "file:" + Context.properties(data))
                .environment("WALLET_DATABASE_URL", database.url(DATABASE))
                .environment("WALLET_DATABASE_USER", Context.DATABASE_USER)
                .environment("WALLET_DATABASE_PASSWORD", databasePassword)
                .environment(
                        "WALLET_ISSUER",
                        address(URI.create("http://127.0.0.1:" + port)).toString())
                .environment("WALLET_OPERATOR_SECRET", secrets.get(OPERATOR_SECRET))
                .environment("WALLET_MASTER_SECRET_WALLET_ACME", secrets.get("wallet-master-secret"))
                .deployment(NAME + ".war", installation.walletWar());
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

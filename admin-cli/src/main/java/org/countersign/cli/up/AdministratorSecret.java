package org.countersign.cli.up;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.countersign.cli.process.Folders;
import org.countersign.cli.terminal.Terminal;
import org.countersign.core.entropy.Entropy;

/**
 * The secret of the first administrator of OAuth clients: made at the first start, shown once, never written down here.
 * What is written is that it was shown. A first start that broke off before is begun again with a new secret, because
 * the one the server may have stored nobody has seen.
 */
final class AdministratorSecret {

    static final String CLIENT = "oAuthAdmin";

    private static final String MARKER = "administrator-secret-was-shown";

    private final DataFolder data;

    AdministratorSecret(DataFolder data) {
        this.data = data;
    }

    /** A new secret when none was shown yet. */
    Optional<String> toShow(Entropy entropy) {
        return Files.exists(data.secrets().resolve(MARKER)) ? Optional.empty() : Optional.of(entropy.token());
    }

    /** Takes away a client whose secret nobody has seen; the server makes it again. */
    static void forget(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            try (var table = statement.executeQuery("SELECT to_regclass('oauth_client') IS NOT NULL")) {
                table.next();
                if (!table.getBoolean(1)) {
                    return;
                }
            }
            statement.executeUpdate("DELETE FROM oauth_client WHERE client_id = '" + CLIENT + "'");
        }
    }

    void show(String secret, Terminal terminal) throws IOException {
        terminal.say("");
        terminal.say(
                "The administrator of the signer's OAuth clients. Note the secret: it is shown this once and kept");
        terminal.say("nowhere but, hashed, in the database.");
        terminal.say("  client_id      " + CLIENT);
        terminal.say("  client_secret  " + secret);
        Folders.writePrivate(data.secrets().resolve(MARKER), "yes\n".getBytes(StandardCharsets.US_ASCII));
    }
}

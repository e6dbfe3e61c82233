package org.countersign.wallet;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.countersign.core.entropy.Entropy;
import org.countersign.server.audit.AnchorKey;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.audit.AuditSettings;
import org.countersign.server.audit.FileAnchor;
import org.countersign.server.oauth.AccessToken;
import org.countersign.server.oauth.OAuthClient;
import org.countersign.server.persistence.Database;
import org.countersign.server.persistence.DatabaseSettings;

/** A real PostgreSQL with the wallet provider's schema and an audit log, for the tests of one class. */
public final class TestDatabase implements AutoCloseable {

    private final EmbeddedPostgres postgres;
    private final Database database;
    private final AuditLog audit;

    public TestDatabase() throws IOException {
        postgres = EmbeddedPostgres.start();
        database = Database.open(
                new DatabaseSettings(Optional.empty(), postgres.getJdbcUrl("postgres", "postgres"), "postgres", "", 8),
                List.of("server", "wallet"),
                List.of(OAuthClient.class, AccessToken.class));
        var key = AnchorKey.derive(new byte[32]);
        audit = AuditLog.start(
                AuditSettings.of("node", "test"),
                database.reserved(),
                FileAnchor.open(Files.createTempDirectory("countersign-anchor"), key.publicKey()),
                key,
                Clock.systemUTC(),
                Entropy.system());
    }

    public Database database() {
        return database;
    }

    public AuditLog audit() {
        return audit;
    }

    @Override
    public void close() throws IOException {
        audit.close();
        database.close();
        postgres.close();
    }
}

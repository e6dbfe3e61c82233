package org.countersign.ds;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.countersign.core.entropy.Entropy;
import org.countersign.ds.organisations.Organisation;
import org.countersign.server.audit.AnchorKey;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.audit.AuditSettings;
import org.countersign.server.audit.FileAnchor;
import org.countersign.server.keys.Argon2Cost;
import org.countersign.server.keys.DatabaseWrappedKeys;
import org.countersign.server.keys.FactorSecrets;
import org.countersign.server.keys.MasterSecret;
import org.countersign.server.keys.SignatureProvider;
import org.countersign.server.keys.SoftwareKeyVault;
import org.countersign.server.oauth.AccessToken;
import org.countersign.server.oauth.OAuthClient;
import org.countersign.server.persistence.Database;
import org.countersign.server.persistence.DatabaseSettings;

/** A real PostgreSQL with the schema of the distribution service, an audit log and a key vault, for the tests of one class. */
public final class TestContext implements AutoCloseable {

    public static final Entropy ENTROPY = Entropy.system();

    private final EmbeddedPostgres postgres;
    private final Database database;
    private final AuditLog audit;

    public TestContext() throws IOException {
        postgres = EmbeddedPostgres.start();
        database = Database.open(
                new DatabaseSettings(Optional.empty(), postgres.getJdbcUrl("postgres", "postgres"), "postgres", "", 8),
                List.of("server", "ds"),
                List.of(OAuthClient.class, AccessToken.class, Organisation.class));
        var key = AnchorKey.derive(new byte[32]);
        audit = AuditLog.start(
                AuditSettings.of("node", "test"),
                database.reserved(),
                FileAnchor.open(Files.createTempDirectory("countersign-anchor"), key.publicKey()),
                key,
                Clock.systemUTC(),
                ENTROPY);
    }

    public Database database() {
        return database;
    }

    public AuditLog audit() {
        return audit;
    }

    public SoftwareKeyVault vault(byte[] masterSecret) throws IOException {
        return new SoftwareKeyVault(
                new DatabaseWrappedKeys(database.dataSource()),
                new MasterSecret(masterSecret),
                SignatureProvider.fastest(Path.of(System.getProperty("java.io.tmpdir")), ENTROPY),
                ENTROPY);
    }

    public FactorSecrets secrets(byte[] masterSecret) {
        return new FactorSecrets(new MasterSecret(masterSecret), Argon2Cost.DEFAULT, ENTROPY);
    }

    @Override
    public void close() throws IOException {
        audit.close();
        database.close();
        postgres.close();
    }
}

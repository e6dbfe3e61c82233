package org.countersign.cli.tenant;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.countersign.cli.database.ConfiguredDatabase;
import org.countersign.cli.terminal.Refusal;
import org.countersign.core.configuration.ConfigurationException;
import org.countersign.core.entropy.Entropy;
import org.countersign.server.audit.AnchorKey;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.audit.AuditSettings;
import org.countersign.server.audit.AuditUnavailableException;
import org.countersign.server.audit.FileAnchor;
import org.countersign.server.keys.DataKeyWrap;
import org.countersign.server.keys.DataKeys;
import org.countersign.server.keys.FactorSecrets;
import org.countersign.server.keys.FolderWrappedKeys;
import org.countersign.server.keys.MasterSecret;
import org.countersign.server.keys.MasterSecretWrap;
import org.countersign.server.keys.OuterWrap;
import org.countersign.server.tenancy.ConfigurationLocation;
import org.countersign.server.tenancy.ContextName;
import org.countersign.server.vaults.AwsKeyManagement;
import org.countersign.server.vaults.HsmSettings;
import org.countersign.signer.configuration.SignerConfiguration;
import org.postgresql.ds.PGSimpleDataSource;

/** A company's context as its server has it: the same file, the same environment, the same database and folders. */
final class TenantContext {

    /** The vault of the database, as credentials record it. */
    static final String DATABASE_VAULT = "PKCS12DBWebCertificate";

    /** The vault under data keys of a key management service. */
    static final String KMS_VAULT = HsmSettings.Type.KMS.toString();

    private static final String APPLICATION = "countersign tenant";

    private final ContextName name;
    private final String version;
    private final SignerConfiguration configuration;
    private final Entropy entropy;
    private final Clock clock;
    private OuterWrap dataKeyWrap;

    private TenantContext(
            ContextName name, String version, SignerConfiguration configuration, Entropy entropy, Clock clock) {
        this.name = name;
        this.version = version;
        this.configuration = configuration;
        this.entropy = entropy;
        this.clock = clock;
    }

    /**
     * Reads the configuration.
     *
     * @param properties the version's properties file; null for where the environment says
     */
    static TenantContext read(
            String context,
            Path properties,
            String version,
            Map<String, String> environment,
            Entropy entropy,
            Clock clock) {
        try {
            var name = new ContextName(context);
            var location = new ConfigurationLocation("signer", version);
            var all = new LinkedHashMap<>(environment);
            if (properties != null) {
                all.put(location.environmentVariable(), "file:" + properties.toAbsolutePath());
            }
            var file = location.find(name, new Properties(), all);
            return new TenantContext(name, version, SignerConfiguration.inspect(file, name, all), entropy, clock);
        } catch (ConfigurationException | IllegalArgumentException wrong) {
            throw Refusal.failed(wrong.getMessage());
        }
    }

    String name() {
        return name.company();
    }

    String version() {
        return version;
    }

    SignerConfiguration configuration() {
        return configuration;
    }

    Entropy entropy() {
        return entropy;
    }

    Clock clock() {
        return clock;
    }

    FactorSecrets factorSecrets() {
        return new FactorSecrets(master(), configuration.pinCost(), entropy);
    }

    /**
     * The outer layer of a software vault's keys.
     *
     * @param vault as credentials record it
     */
    OuterWrap outerWrap(String vault) {
        return vault.equals(KMS_VAULT) ? dataKeyWrap() : new MasterSecretWrap(master(), entropy);
    }

    /** One for the whole command: it keeps data keys, and lives as long as the command. */
    private synchronized OuterWrap dataKeyWrap() {
        if (dataKeyWrap == null) {
            var kms = configuration.vaults().hsm().flatMap(HsmSettings::kms).orElseThrow(() -> missing(KMS_VAULT));
            dataKeyWrap = new DataKeyWrap(new DataKeys(
                    new AwsKeyManagement(kms, configuration.vaults().aws().orElseThrow(), name.company()),
                    kms.dataKeyLife(),
                    clock,
                    entropy));
        }
        return dataKeyWrap;
    }

    /** The folder that a software vault keeps its keys in, made when missing, as the server does; empty for the database. */
    Optional<FolderWrappedKeys> folder(String vault) {
        if (vault.equals(DATABASE_VAULT)) {
            return Optional.empty();
        }
        return configuration
                .vaults()
                .hsm()
                .filter(hsm -> hsm.type().toString().equals(vault))
                .orElseThrow(() -> missing(vault))
                .folder()
                .map(FolderWrappedKeys::new);
    }

    private Refusal missing(String vault) {
        return Refusal.failed("Keys are in a vault of the type " + vault + ", which "
                + configuration.common().source() + " has not.");
    }

    private MasterSecret master() {
        return new MasterSecret(configuration.secrets().masterSecret());
    }

    /** One connection, not committing by itself. */
    Connection connect() throws SQLException {
        var connection = ConfiguredDatabase.connect(
                configuration.common().database(),
                configuration.common().source().toString(),
                APPLICATION);
        connection.setAutoCommit(false);
        return connection;
    }

    /**
     * A log of this context with a chain of its own, as a start of the server has; closed by the caller. The server may
     * run: each knows the other's chain by its lock.
     */
    AuditLog audit() throws IOException {
        var key = AnchorKey.derive(configuration.secrets().sadKey());
        try {
            Files.createDirectories(configuration.common().anchorFolder());
            var anchor = FileAnchor.open(configuration.common().anchorFolder(), key.publicKey());
            try {
                return AuditLog.start(
                        AuditSettings.of(APPLICATION + " at " + host(), version),
                        dataSource(),
                        anchor,
                        key,
                        clock,
                        entropy);
            } catch (RuntimeException failure) {
                anchor.close();
                throw failure;
            }
        } catch (AuditUnavailableException failure) {
            throw Refusal.failed(
                    "The audit log of " + name() + " can not be written, and nothing is done without: " + failure);
        }
    }

    private PGSimpleDataSource dataSource() {
        var settings = configuration.common().database();
        var source = new PGSimpleDataSource();
        source.setURL(settings.url());
        source.setUser(settings.username());
        source.setPassword(settings.password());
        source.setApplicationName(APPLICATION + " (audit)");
        return source;
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException unnamed) {
            return "unnamed";
        }
    }

    /** @throws Refusal when the database is older than this version */
    void requireSchema(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT to_regclass('seat_group') IS NOT NULL")) {
            rows.next();
            if (!rows.getBoolean(1)) {
                throw Refusal.failed("The database of " + name()
                        + " is not migrated to this version: start the context once in it.");
            }
        }
    }

    @Override
    public String toString() {
        return "context " + name();
    }
}

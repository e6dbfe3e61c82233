package org.countersign.signer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.security.auth.x500.X500Principal;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.oauth2.SeatName;
import org.countersign.server.audit.AnchorKey;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.audit.AuditSettings;
import org.countersign.server.audit.FileAnchor;
import org.countersign.server.keys.Argon2Cost;
import org.countersign.server.keys.DatabaseWrappedKeys;
import org.countersign.server.keys.FactorSecrets;
import org.countersign.server.keys.KeyAlgorithm;
import org.countersign.server.keys.KeyVault;
import org.countersign.server.keys.MasterSecret;
import org.countersign.server.keys.SignatureProvider;
import org.countersign.server.keys.SoftwareKeyVault;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Authorities;
import org.countersign.server.oauth.Caller;
import org.countersign.server.oauth.SeatGroups;
import org.countersign.server.tenancy.ContextName;
import org.countersign.server.time.MovableClock;
import org.countersign.signer.acts.ActsAreDecidedOnceTest;
import org.countersign.signer.certificates.TenantTrust;
import org.countersign.signer.certificates.UsableCertificate;
import org.countersign.signer.configuration.SignerConfiguration;
import org.countersign.signer.credentials.Credential;
import org.countersign.signer.credentials.Credentials;
import org.countersign.signer.factors.ActivationAgreement;
import org.countersign.signer.factors.CheckFactors;
import org.countersign.signer.factors.FactorAttempts;
import org.countersign.signer.factors.FactorRefusals;
import org.countersign.signer.keypairs.MakeKeyPair;
import org.countersign.signer.keypairs.MakeKeyPair.Wanted;
import org.countersign.signer.keypairs.Vaults;

/** A holder with a key of its own, on a real PostgreSQL, and the parts of a signer that look at it. */
public final class EnrolledHolder implements AutoCloseable {

    public static final Entropy ENTROPY = Entropy.system();
    public static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    public static final SeatName SEAT = new SeatName("jdoe", "acme");
    public static final String PIN = "271828";
    public static final Caller CALLER = new Caller(
            "acme",
            new Authorities(true, Set.of(ApiGroup.SIGNER), Set.of("acme"), Set.of()),
            Optional.of(SEAT),
            NOW.plusSeconds(60));

    public final TestDatabase postgres;
    public final MovableClock clock = new MovableClock(NOW);
    public final SignerConfiguration configuration;
    public final MasterSecret master = new MasterSecret(new byte[32]);
    public final ActivationAgreement agreement = new ActivationAgreement(ENTROPY);
    public final Credentials credentials;
    public final CheckFactors check;
    public final FactorAttempts attempts;
    public final FactorRefusals refusals;
    public final UsableCertificate usable;
    public final AuditLog audit;
    public final UUID id = ENTROPY.uuid();

    /**
     * @param more of the configuration file, with its last comma
     * @param configurationId of the credential, with a PIN
     */
    public EnrolledHolder(TestDatabase postgres, Path folder, String more, String configurationId) throws IOException {
        this.postgres = postgres;
        this.configuration = configuration(folder, more);
        var database = postgres.database();
        var secrets = new FactorSecrets(master, new Argon2Cost(8, 1), ENTROPY);
        this.credentials = new Credentials(database, SeatGroups.NONE);
        this.check = new CheckFactors(secrets, agreement, clock);
        this.attempts = new FactorAttempts(database, clock, 1_000, Duration.ofMinutes(10));
        var key = AnchorKey.derive(new byte[32]);
        this.audit = AuditLog.start(
                AuditSettings.of("node", "test"),
                database.reserved(),
                FileAnchor.open(Files.createDirectories(folder.resolve("anchor")), key.publicKey()),
                key,
                clock,
                ENTROPY);
        this.refusals = new FactorRefusals(attempts, audit);
        this.usable = new UsableCertificate(new TenantTrust(configuration.tenants(), clock), true, clock, audit);

        credentials.add(Credential.create(id, SEAT, "acme", configurationId, 10, NOW));
        var enrolled = secrets.enrollPin(id, PIN);
        try (var factors = enrolled.activationKey()) {
            credentials.setPin(id, enrolled.stored(), agreement.publicHalf(factors));
        }
        var made = new MakeKeyPair(new Vaults(Map.of("v", vault()), Map.of("acme", "v")), agreement, ENTROPY)
                .make(
                        credential(),
                        KeyAlgorithm.EC_P256,
                        Wanted.of(new X500Principal("CN=jdoe"), null, KeyAlgorithm.EC_P256));
        credentials.setKeyPair(id, configuration.authorizations().of(configurationId), made.keyPair());
        credentials.setCertificates(id, ActsAreDecidedOnceTest.chain(1));
    }

    /** @param more of the configuration file, with its last comma */
    public static SignerConfiguration configuration(Path folder, String more) throws IOException {
        var secret = "k".repeat(32);
        return SignerConfiguration.read(
                Files.writeString(
                        folder.resolve("signer-acme.json"),
                        "{" + more + "\"datasource\": {\"url\": \"jdbc:postgresql://127.0.0.1/acme\","
                                + " \"username\": \"x\", \"password\": \"x\"},"
                                + " \"tenants\": [{\"name\": \"acme\", \"demonstration\": true}]}"),
                new ContextName("signer-acme"),
                Map.of("SIGNER_SAD_KEY", secret, "SIGNER_MASTER_SECRET", secret));
    }

    /** The vault {@code v}, of the database. */
    public KeyVault vault() {
        return new SoftwareKeyVault(
                new DatabaseWrappedKeys(postgres.database().dataSource()),
                master,
                SignatureProvider.jdk(ENTROPY),
                ENTROPY);
    }

    public Credential credential() {
        return credentials.require(id.toString());
    }

    /** @param sql with one parameter, this credential */
    public int update(String sql) {
        return postgres.database().statements().update(sql, statement -> statement.setObject(1, id));
    }

    /** How often it is in the audit log, as a success or a failure. */
    public long audited(String type) {
        return number("select count(*) from audit_entry where type = '" + type + "' and credential = ?::uuid::text");
    }

    /** @param sql with one parameter, this credential */
    public long number(String sql) {
        return postgres.database()
                .statements()
                .first(sql, statement -> statement.setObject(1, id), row -> row.getLong(1))
                .orElseThrow();
    }

    @Override
    public void close() {
        audit.close();
    }
}

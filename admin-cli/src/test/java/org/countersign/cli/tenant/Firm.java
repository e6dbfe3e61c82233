package org.countersign.cli.tenant;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.oauth2.SeatName;
import org.countersign.core.otp.Totp;
import org.countersign.core.x509.CertificateChain;
import org.countersign.server.keys.DatabaseWrappedKeys;
import org.countersign.server.keys.FactorSecrets;
import org.countersign.server.keys.KeyAlgorithm;
import org.countersign.server.keys.MasterSecret;
import org.countersign.server.keys.SignatureAlgorithm;
import org.countersign.server.keys.SignatureProvider;
import org.countersign.server.keys.SoftwareKeyVault;
import org.countersign.server.keys.WrappedKeys;
import org.countersign.server.oauth.AccessToken;
import org.countersign.server.oauth.OAuthClient;
import org.countersign.server.oauth.SeatGroups;
import org.countersign.server.persistence.Database;
import org.countersign.server.persistence.DatabaseSettings;
import org.countersign.signer.activation.Activation;
import org.countersign.signer.credentials.Credential;
import org.countersign.signer.credentials.Credentials;
import org.countersign.signer.credentials.KeyPair;
import org.countersign.signer.factors.ActivationAgreement;
import org.countersign.signer.factors.CheckFactors;
import org.countersign.signer.factors.Factor;

/** A company without a server: its files, its database, and the signer's own classes that make and use credentials. */
final class Firm implements AutoCloseable {

    static final String PIN = "271828";
    static final byte[] OTP_SECRET = "twenty bytes of seed".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private static final Entropy ENTROPY = Entropy.system();
    private static final Clock CLOCK = Clock.systemUTC();
    private static final String VERSION = "0";

    private final String url;
    private final TenantContext context;
    private final Database database;
    private final Credentials credentials;
    private final SoftwareKeyVault vault;
    private final String vaultName;
    private final ActivationAgreement agreement = new ActivationAgreement(ENTROPY);
    private final FactorSecrets secrets;

    /** @param json with {@code @URL@} for the database; a folder vault is beside it */
    Firm(EmbeddedPostgres postgres, Path folder, String name, String json) throws IOException, SQLException {
        try (var connection = postgres.getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        }
        this.url = postgres.getJdbcUrl("postgres", name);
        this.context = context(Files.createDirectories(folder.resolve(name)), name, json);
        this.database = Database.open(
                new DatabaseSettings(Optional.empty(), url, "postgres", "", 4),
                List.of("server", "signer"),
                List.of(OAuthClient.class, AccessToken.class, Credential.class, Activation.class));
        this.credentials = new Credentials(database, SeatGroups.NONE);
        this.secrets = context.factorSecrets();
        this.vaultName = context.configuration().vaults().hsm().isPresent() ? "homo" : TenantContext.DATABASE_VAULT;
        this.vault = vault(vaultName);
    }

    private SoftwareKeyVault vault(String name) {
        WrappedKeys storage = context.folder(name)
                .<WrappedKeys>map(folder -> folder)
                .orElseGet(() -> new DatabaseWrappedKeys(database.dataSource()));
        return new SoftwareKeyVault(
                storage,
                new MasterSecret(context.configuration().secrets().masterSecret()),
                SignatureProvider.jdk(ENTROPY),
                ENTROPY);
    }

    private TenantContext context(Path folder, String name, String json) throws IOException {
        Files.writeString(folder.resolve(name + ".json"), json.replace("@URL@", url));
        var properties = folder.resolve("application.properties");
        Files.writeString(properties, "configuration.fileName=$CONTEXT_NAME.json\n");
        return TenantContext.read(
                name,
                properties,
                VERSION,
                Map.of(
                        "SIGNER_SAD_KEY", "the SAD key of " + name + ", long enough for it",
                        "SIGNER_MASTER_SECRET", "the master secret of " + name + ", long enough"),
                ENTROPY,
                CLOCK);
    }

    TenantContext context() {
        return context;
    }

    /** Sets a credential up as the signer's calls do, one after the other. */
    UUID enrol(String seat, String configurationId, KeyAlgorithm algorithm, Authority authority) {
        var configuration =
                context.configuration().authorizations().find(configurationId).orElseThrow();
        var id = ENTROPY.uuid();
        var credential =
                Credential.create(id, new SeatName(seat, "acme"), "generator", configurationId, 1, CLOCK.instant());
        if (!configuration.asksFor(Factor.PIN)) {
            var salt = secrets.newActivationSalt();
            credential.openWithoutPin(salt, agreement.publicHalf(secrets.activationKeyWithoutPin(id, salt)));
        }
        credentials.add(credential);
        if (configuration.asksFor(Factor.PIN)) {
            var enrolled = secrets.enrollPin(id, PIN);
            credentials.setPin(id, enrolled.stored(), agreement.publicHalf(enrolled.activationKey()));
        }
        if (configuration.asksForAuthenticator()) {
            credentials.setOtp(id, secrets.seal(id, "otp", OTP_SECRET));
            credentials.confirmOtp(id, 1, configuration.maxFailures());
        }
        generate(id, configurationId, algorithm, authority);
        return id;
    }

    private void generate(UUID id, String configurationId, KeyAlgorithm algorithm, Authority authority) {
        var configuration =
                context.configuration().authorizations().find(configurationId).orElseThrow();
        var credential = credentials.require(id.toString());
        var agreed = agreement.agree(credential.protection(), credential.activationPublic());
        var keyId = ENTROPY.uuid();
        var key = vault.generate(keyId, algorithm, agreed.wrapping());
        credentials.setKeyPair(
                id, configuration, new KeyPair(keyId, vaultName, algorithm, key.getEncoded(), agreed.ephemeral()));
        credentials.setCertificates(id, authority.chain(key));
    }

    /** Signs as the signer does: right factors give the key that opens the key. */
    byte[] sign(UUID id, String pin, SignatureAlgorithm algorithm, byte[] hash) {
        var credential = credentials.require(id.toString());
        var configuration = context.configuration().authorizations().of(credential.configurationId());
        var otp = Totp.passwordAt(OTP_SECRET, Totp.stepAt(CLOCK.instant()));
        var right = new CheckFactors(secrets, agreement, CLOCK).compare(credential, configuration, pin, otp);
        try (var activation = right.activationKey();
                var key = vault(credential.vault()).open(credential.keyId(), activation)) {
            return key.sign(algorithm, hash);
        }
    }

    Credential credential(UUID id) {
        return credentials.require(id.toString());
    }

    void execute(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(url, "postgres", "");
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    long count(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(url, "postgres", "");
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Override
    public void close() {
        database.close();
    }

    /** An authority that issues what these tests need. */
    record Authority(java.security.KeyPair keys) {

        CertificateChain chain(PublicKey key) {
            try {
                return new CertificateChain(List.of(certificate("holder", key), root()));
            } catch (GeneralSecurityException | OperatorCreationException | IOException impossible) {
                throw new IllegalStateException(impossible);
            }
        }

        java.security.cert.X509Certificate root()
                throws GeneralSecurityException, OperatorCreationException, IOException {
            return certificate("root", keys.getPublic());
        }

        private java.security.cert.X509Certificate certificate(String name, PublicKey key)
                throws GeneralSecurityException, OperatorCreationException, IOException {
            var now = CLOCK.instant();
            var builder = new JcaX509v3CertificateBuilder(
                    new X500Name("CN=root"),
                    BigInteger.valueOf(Math.abs((long) name.hashCode())),
                    Date.from(now.minus(Duration.ofDays(1))),
                    Date.from(now.plus(Duration.ofDays(1))),
                    new X500Name("CN=" + name),
                    key);
            builder.addExtension(
                    org.bouncycastle.asn1.x509.Extension.basicConstraints,
                    true,
                    new org.bouncycastle.asn1.x509.BasicConstraints(name.equals("root")));
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
        }
    }
}

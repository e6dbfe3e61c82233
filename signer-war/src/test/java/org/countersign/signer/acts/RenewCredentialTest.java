package org.countersign.signer.acts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.security.auth.x500.X500Principal;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.oauth2.SeatName;
import org.countersign.core.otp.Totp;
import org.countersign.server.audit.AnchorKey;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.audit.AuditSettings;
import org.countersign.server.audit.AuditUnavailableException;
import org.countersign.server.audit.FileAnchor;
import org.countersign.server.keys.Argon2Cost;
import org.countersign.server.keys.DatabaseWrappedKeys;
import org.countersign.server.keys.FactorSecrets;
import org.countersign.server.keys.KeyAlgorithm;
import org.countersign.server.keys.KeyNotOpenedException;
import org.countersign.server.keys.MasterSecret;
import org.countersign.server.keys.SignatureProvider;
import org.countersign.server.keys.SoftwareKeyVault;
import org.countersign.server.keys.WrappedKeys;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Authorities;
import org.countersign.server.oauth.Caller;
import org.countersign.server.oauth.SeatGroups;
import org.countersign.server.tenancy.ContextName;
import org.countersign.signer.TestDatabase;
import org.countersign.signer.acts.RenewCredential.RenewalRequest;
import org.countersign.signer.certificates.TenantTrust;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A renewal that is asked for while something fails, or after somebody wrote into the database. */
class RenewCredentialTest {

    private static final Entropy ENTROPY = Entropy.system();
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final SeatName JDOE = new SeatName("jdoe", "acme");
    private static final Caller CALLER = new Caller(
            "acme",
            new Authorities(true, Set.of(ApiGroup.SIGNER), Set.of("acme"), Set.of()),
            Optional.of(JDOE),
            NOW.plusSeconds(60));
    private static final String PIN = "271828";
    private static final byte[] OTP_SECRET = new byte[20];

    private static TestDatabase postgres;
    private static SignerConfiguration configuration;

    @TempDir
    Path anchors;

    private final ActivationAgreement agreement = new ActivationAgreement(ENTROPY);
    private final MasterSecret master = new MasterSecret(new byte[32]);
    private final FactorSecrets secrets = new FactorSecrets(master, new Argon2Cost(8, 1), ENTROPY);
    private final Keys keys = new Keys(postgres);
    private final Credentials credentials = new Credentials(postgres.database(), SeatGroups.NONE);
    private AuditLog audit;
    private MakeKeyPair keyPairs;
    private CondemnedKeys condemned;
    private RenewCredential renew;
    private UUID id;

    @BeforeAll
    static void start() throws Exception {
        postgres = new TestDatabase();
        var root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("countersign"))) {
            root = root.getParent();
        }
        var key = "k".repeat(32);
        configuration = SignerConfiguration.read(
                root.resolve("config/tenants/signer-acme.json"),
                new ContextName("signer-acme"),
                Map.of(
                        "ACME_DATABASE_URL", "jdbc:postgresql://127.0.0.1/acme",
                        "ACME_DATABASE_USER", "countersign",
                        "ACME_DATABASE_PASSWORD", "x",
                        "SIGNER_SAD_KEY_SIGNER_ACME", key,
                        "SIGNER_MASTER_SECRET_SIGNER_ACME", key));
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    @BeforeEach
    void assemble() throws Exception {
        var database = postgres.database();
        var key = AnchorKey.derive(new byte[32]);
        audit = AuditLog.start(
                AuditSettings.of("node", "test"),
                database.reserved(),
                FileAnchor.open(anchors, key.publicKey()),
                key,
                Clock.systemUTC(),
                ENTROPY);
        var vault = new SoftwareKeyVault(keys, master, SignatureProvider.jdk(ENTROPY), ENTROPY);
        var vaults = new Vaults(Map.of("v", vault, "w", vault), Map.of("acme", "v"));
        var attempts = new FactorAttempts(database, CLOCK, 1_000, Duration.ofMinutes(10));
        var refusals = new FactorRefusals(attempts, audit);
        var act = new HoldersAct(
                credentials,
                configuration.authorizations(),
                new CheckFactors(secrets, agreement, CLOCK),
                attempts,
                refusals);
        keyPairs = new MakeKeyPair(vaults, agreement, ENTROPY);
        condemned = new CondemnedKeys(database, CLOCK);
        renew = new RenewCredential(
                act,
                new Renewals(database, CLOCK),
                credentials,
                keyPairs,
                agreement,
                new TenantTrust(configuration.tenants(), CLOCK),
                refusals,
                new DestroyKeys(condemned, vaults, audit),
                audit);
    }

    @AfterEach
    void close() {
        audit.close();
    }

    /** Those of the context's PostgreSQL, which can be away for a while. */
    private static final class Keys implements WrappedKeys {

        private final WrappedKeys stored;
        private final List<UUID> made = new ArrayList<>();
        private boolean away;
        private boolean keepsAll;
        private Runnable absentOnce;

        Keys(TestDatabase postgres) {
            stored = new DatabaseWrappedKeys(postgres.database().dataSource());
        }

        List<UUID> left() {
            return made.stream().filter(key -> stored.get(key).isPresent()).toList();
        }

        private void require(boolean there) {
            if (!there) {
                throw new IllegalStateException("The vault is away");
            }
        }

        @Override
        public void put(UUID key, byte[] wrapped) {
            require(!away);
            stored.put(key, wrapped);
            made.add(key);
        }

        @Override
        public Optional<byte[]> get(UUID key) {
            require(!away);
            if (absentOnce != null) {
                var meanwhile = absentOnce;
                absentOnce = null;
                meanwhile.run();
                return Optional.empty();
            }
            return stored.get(key);
        }

        @Override
        public void remove(UUID key) {
            require(!away && !keepsAll);
            stored.remove(key);
        }

        @Override
        public boolean isUsable() {
            return !away;
        }
    }

    @Test
    void gives_no_key_that_opens_with_less_than_the_present_one() throws Exception {
        enrol("pin-otp");
        update("update credential set configuration_id = 'pin' where id = ?");
        assertThatThrownBy(() -> ask(true, null)).isInstanceOf(KeyNotOpenedException.class);
        assertNothingChanged();
        assertThatThrownBy(() -> ask(false, null)).isInstanceOf(KeyNotOpenedException.class);
        assertNothingChanged();

        update("update credential set configuration_id = 'pin-otp', activation_public = '\\x" + "09".repeat(32)
                + "' where id = ?");
        assertThatThrownBy(() -> ask(true, otp())).isInstanceOf(KeyNotOpenedException.class);
        assertNothingChanged();
    }

    @Test
    void leaves_what_waited_where_the_vault_can_not_sign_the_request() {
        enrol("pin");
        ask(true, null);
        var waiting = read().newKeyPair().orElseThrow().keyId();
        keys.away = true;

        assertThatThrownBy(() -> ask(false, null)).hasMessage("The vault is away");
        assertThatThrownBy(() -> ask(true, null)).hasMessage("The vault is away");

        assertThat(read().newKeyPair().orElseThrow().keyId()).isEqualTo(waiting);
        assertThat(keys.left()).containsExactly(read().keyId(), waiting);
    }

    @Test
    void does_not_wait_when_it_could_not_be_audited() {
        for (boolean newKey : new boolean[] {false, true}) {
            enrol("pin");
            audit.close();
            assertThatThrownBy(() -> ask(newKey, null)).isInstanceOf(AuditUnavailableException.class);
            assertNothingChanged();
            keys.made.clear();
        }
    }

    @Test
    void destroys_the_key_that_waited_before() {
        enrol("pin");
        ask(true, null);
        var first = read().newKeyPair().orElseThrow().keyId();
        ask(true, null);
        var second = read().newKeyPair().orElseThrow().keyId();
        assertThat(keys.left()).containsExactly(read().keyId(), second);
        assertThat(condemned.in("v")).extracting(CondemnedKeys.Condemned::keyId).doesNotContain(first);

        ask(false, null);

        assertThat(keys.left()).containsExactly(read().keyId());
        assertThat(audited("key.destroyed")).isEqualTo(2);
    }

    @Test
    void counts_a_password_that_was_used_before_also_while_the_vault_destroys_nothing() {
        enrol("pin-otp");
        ask(false, otp());
        keys.keepsAll = true;

        assertThatThrownBy(() -> ask(true, otp())).hasMessage("invalid_otp: The OTP is invalid");

        assertThat(postgres.database()
                        .statements()
                        .first(
                                "select failures from credential where id = ?",
                                statement -> statement.setObject(1, id),
                                row -> row.getInt(1)))
                .hasValue(1);
        assertThat(audited("renewal.requested")).isEqualTo(2);
        assertThat(read().newKeyPair()).isEmpty();
    }

    @Test
    void keeps_a_new_key_that_may_wait() throws Exception {
        enrol("pin");
        try (var connection = postgres.connect();
                var statement = connection.createStatement()) {
            statement.execute("create function refuse() returns trigger language plpgsql as"
                    + " $$ begin raise exception 'no renewals now'; end $$");
            statement.execute("create trigger no_renewals before update of renewal_at on credential"
                    + " for each statement execute function refuse()");
            try {
                assertThatThrownBy(() -> ask(true, null)).hasStackTraceContaining("no renewals now");
                assertThat(keys.left()).hasSize(2);
            } finally {
                statement.execute("drop trigger no_renewals on credential");
            }
        }
        ask(true, null);
        assertThat(read().isRenewalAsked()).isTrue();
    }

    /** Between the reading of the row and the opening of the key. */
    @Test
    void finds_a_key_that_is_moved_meanwhile() {
        enrol("pin");
        for (boolean newKey : new boolean[] {false, true}) {
            update("update credential set vault = 'v' where id = ?");
            keys.absentOnce = () -> update("update credential set vault = 'w' where id = ?");
            ask(newKey, null);
            assertThat(read().isRenewalAsked()).isTrue();
            assertThat(read().vault()).isEqualTo("w");
        }
    }

    private void assertNothingChanged() {
        assertThat(read().isRenewalAsked()).isFalse();
        assertThat(read().newKeyPair()).isEmpty();
        assertThat(keys.left()).containsExactly(read().keyId());
    }

    private void ask(boolean newKey, String otp) {
        assertThat(renew.ask(CALLER, id.toString(), new RenewalRequest(PIN, otp, newKey, null, null, null, null, null)))
                .startsWith("-----BEGIN CERTIFICATE REQUEST-----");
    }

    private static String otp() {
        return Totp.passwordAt(OTP_SECRET, Totp.stepAt(NOW));
    }

    private void enrol(String configurationId) {
        id = ENTROPY.uuid();
        credentials.add(Credential.create(id, JDOE, "acme", configurationId, 1, NOW));
        var enrolled = secrets.enrollPin(id, PIN);
        try (var factors = enrolled.activationKey()) {
            credentials.setPin(id, enrolled.stored(), agreement.publicHalf(factors));
        }
        if (configurationId.equals("pin-otp")) {
            var sealed = secrets.seal(id, CheckFactors.OTP_PURPOSE, OTP_SECRET);
            postgres.database()
                    .statements()
                    .update("update credential set otp_secret = ?, otp_confirmed = true where id = ?", statement -> {
                        statement.setBytes(1, sealed);
                        statement.setObject(2, id);
                    });
        }
        var wanted = Wanted.of(new X500Principal("CN=jdoe"), null, KeyAlgorithm.EC_P256);
        var made = keyPairs.make(read(), KeyAlgorithm.EC_P256, wanted);
        assertThat(credentials.setKeyPair(id, configuration.authorizations().of(configurationId), made.keyPair()))
                .isTrue();
        assertThat(credentials.setCertificates(id, ActsAreDecidedOnceTest.chain(1)))
                .isTrue();
    }

    private Credential read() {
        return credentials.require(id.toString());
    }

    private void update(String sql) {
        assertThat(postgres.database().statements().update(sql, statement -> statement.setObject(1, id)))
                .isEqualTo(1);
    }

    private long audited(String type) {
        return postgres.database()
                .statements()
                .first(
                        "select count(*) from audit_entry where type = ? and credential = ?",
                        statement -> {
                            statement.setString(1, type);
                            statement.setString(2, id.toString());
                        },
                        row -> row.getLong(1))
                .orElseThrow();
    }
}

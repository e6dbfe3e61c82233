package org.countersign.wallet.companies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.commons.codec.digest.DigestUtils;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.ErrorCode;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.jose.Base64Url;
import org.countersign.core.jose.P256PublicKey;
import org.countersign.server.audit.AuditUnavailableException;
import org.countersign.server.issuing.PrivateKeys;
import org.countersign.server.keys.ActivationKey;
import org.countersign.server.keys.Argon2Cost;
import org.countersign.server.keys.DatabaseWrappedKeys;
import org.countersign.server.keys.FactorSecrets;
import org.countersign.server.keys.KeyAlgorithm;
import org.countersign.server.keys.KeyNotOpenedException;
import org.countersign.server.keys.KeyVault;
import org.countersign.server.keys.MasterSecret;
import org.countersign.server.keys.MemoryWrappedKeys;
import org.countersign.server.keys.SignatureProvider;
import org.countersign.server.keys.SigningKey;
import org.countersign.server.keys.SoftwareKeyVault;
import org.countersign.server.vaults.VaultChoice;
import org.countersign.server.web.Page;
import org.countersign.wallet.TestDatabase;
import org.countersign.wallet.TestWallets;
import org.countersign.wallet.organisations.Login;
import org.countersign.wallet.organisations.Member;
import org.countersign.wallet.organisations.Profile;
import org.countersign.wallet.organisations.WalletFor;
import org.countersign.wallet.wallets.WalletInUse;
import org.jose4j.json.JsonUtil;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SignHashTest {

    private static final byte[] TEXT = "what the company says".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DIGEST = DigestUtils.sha256(TEXT);
    private static final String MESSAGE = Base64Url.encode(DIGEST);

    private static TestDatabase context;
    private static KeyVault vault;
    private static CompanyKeys keys;

    private final UUID wallet = UUID.randomUUID();
    private final UUID organisation = organisation();
    private final SignHash signatures = new SignHash(keys, context.audit());

    @BeforeAll
    static void begin() throws IOException {
        context = new TestDatabase();
        var entropy = Entropy.system();
        vault = new SoftwareKeyVault(
                new DatabaseWrappedKeys(context.database().dataSource()),
                new MasterSecret(new byte[32]),
                provider(),
                entropy);
        keys = new CompanyKeys(context.database().statements(), vaults(vault), Clock.systemUTC());
    }

    private static SignatureProvider provider() {
        return SignatureProvider.fastest(Path.of(System.getProperty("java.io.tmpdir")), Entropy.system());
    }

    private static CompanyVaults vaults(KeyVault vault) {
        return new CompanyVaults(Map.of("v", privateKeys(vault)), "v");
    }

    private static PrivateKeys privateKeys(KeyVault vault) {
        var entropy = Entropy.system();
        var master = new MasterSecret(new byte[32]);
        return new PrivateKeys(vault, new FactorSecrets(master, Argon2Cost.DEFAULT, entropy), entropy);
    }

    @AfterAll
    static void end() throws IOException {
        context.close();
    }

    private static UUID organisation() {
        var user = TestWallets.addUser(context.database().statements(), UUID.randomUUID() + "@people.example.com");
        return context.database()
                .statements()
                .first(
                        "select organisation_id from wallet_user where id = ?",
                        statement -> statement.setObject(1, user),
                        row -> row.getObject(1, UUID.class))
                .orElseThrow();
    }

    private WalletInUse wallet(WalletFor walletFor, UUID company) {
        var login = new Login("acme@people.example.com");
        return new WalletInUse(
                wallet, new Member(UUID.randomUUID(), login, walletFor, company, new Profile("{}"), Optional.empty()));
    }

    private WalletInUse legalPerson() {
        return wallet(WalletFor.LP, organisation);
    }

    private static ErrorCode refusal(Runnable call) {
        return catchThrowableOfType(ProtocolException.class, call::run).code();
    }

    private int audited(String text) {
        return context.database()
                .statements()
                .first(
                        "select count(*) from audit_entry where type = 'company-key.signed'"
                                + " and strpos(details::text, ?) > 0 and strpos(details::text, ?) > 0",
                        statement -> {
                            statement.setString(1, wallet.toString());
                            statement.setString(2, text);
                        },
                        row -> row.getInt(1))
                .orElseThrow();
    }

    @Test
    void a_digest_is_signed_as_it_is_and_told() throws Exception {
        var key = keys.make(organisation);
        var signature = signatures.sign(legalPerson(), MESSAGE, key.kid());
        var verifier = Signature.getInstance("SHA256withECDSAinP1363Format");
        var jwk = JsonUtil.parseJson(key.jwk());
        verifier.initVerify(P256PublicKey.of(Map.of("kty", "EC", "crv", "P-256", "x", jwk.get("x"), "y", jwk.get("y")))
                .orElseThrow()
                .toJca());
        verifier.update(TEXT);
        assertThat(verifier.verify(Base64Url.decode(signature).orElseThrow())).isTrue();
        assertThat(audited(HexFormat.of().formatHex(DIGEST))).isEqualTo(1);
        assertThat(audited(key.kid())).isEqualTo(1);
    }

    @Test
    void a_natural_person_signs_nothing_for_its_company() {
        var kid = keys.make(organisation).kid();
        assertThat(refusal(() -> signatures.sign(wallet(WalletFor.NP, organisation), MESSAGE, kid)))
                .isEqualTo(OAuth2Error.ACCESS_DENIED);
    }

    @Test
    void another_company_signs_nothing() {
        var kid = keys.make(organisation).kid();
        assertThat(refusal(() -> signatures.sign(wallet(WalletFor.LP, organisation()), MESSAGE, kid)))
                .isEqualTo(OAuth2Error.NOT_FOUND);
    }

    @Test
    void a_revoked_key_signs_nothing_and_its_private_half_is_gone() {
        var kid = keys.make(organisation).kid();
        var other = keys.make(organisation).kid();
        int kept = wrapped();
        keys.destroy(keys.revoke(organisation, kid));
        assertThat(wrapped()).isEqualTo(kept - 1);
        assertThat(refusal(() -> signatures.sign(legalPerson(), MESSAGE, kid))).isEqualTo(OAuth2Error.NOT_FOUND);
        assertThat(signatures.sign(legalPerson(), MESSAGE, other)).hasSize(86);
        var first = revoked(kid);
        keys.revoke(organisation, kid);
        assertThat(revoked(kid)).as("when it was revoked stays").isEqualTo(first);
        assertThat(refusal(() -> keys.revoke(organisation(), other))).isEqualTo(OAuth2Error.NOT_FOUND);
    }

    @Test
    void a_key_that_is_revoked_while_it_is_opened_is_refused_like_any_other() {
        var kid = keys.make(organisation).kid();
        var racing = new CompanyKeys(
                context.database().statements(),
                vaults(new RacedVault(vault, () -> {
                    keys.destroy(keys.revoke(organisation, kid));
                })),
                Clock.systemUTC());
        assertThat(refusal(() -> new SignHash(racing, context.audit()).sign(legalPerson(), MESSAGE, kid)))
                .isEqualTo(OAuth2Error.NOT_FOUND);
        assertThat(audited(kid)).isZero();
    }

    @Test
    void a_key_stays_in_its_vault_when_new_ones_go_elsewhere() {
        var kid = keys.make(organisation).kid();
        var folder = new SoftwareKeyVault(
                new MemoryWrappedKeys(), new MasterSecret(new byte[32]), provider(), Entropy.system());
        var both = Map.of("v", privateKeys(vault), "w", privateKeys(folder));
        var later = new CompanyKeys(context.database().statements(), new CompanyVaults(both, "w"), Clock.systemUTC());
        var other = later.make(organisation);
        assertThat(other.vault()).isEqualTo("w");
        var signer = new SignHash(later, context.audit());
        assertThat(signer.sign(legalPerson(), MESSAGE, kid)).isNotEmpty();
        assertThat(signer.sign(legalPerson(), MESSAGE, other.kid())).isNotEmpty();
        assertThat(refusal(() -> signatures.sign(legalPerson(), MESSAGE, other.kid())))
                .as("its vault is configured no more")
                .isEqualTo(OAuth2Error.TEMPORARILY_UNAVAILABLE);
        assertThat(keys.signing(organisation)).extracting(CompanyKey::kid).containsExactly(kid);
    }

    @Test
    void what_is_revoked_is_destroyed_when_its_vault_is_there_again() {
        var folder = new MemoryWrappedKeys();
        var elsewhere = new SoftwareKeyVault(folder, new MasterSecret(new byte[32]), provider(), Entropy.system());
        var away = new AtomicBoolean(true);
        var both = Map.of("v", privateKeys(vault), "w", privateKeys(new Absent(elsewhere, away)));
        var later = new CompanyKeys(context.database().statements(), new CompanyVaults(both, "w"), Clock.systemUTC());
        var kid = later.make(organisation).kid();
        later.revoke(organisation, kid);

        keys.destroyRevoked();
        assertThat(toDestroy(kid)).as("of a vault that is not configured").isTrue();
        later.destroyRevoked();
        assertThat(toDestroy(kid)).as("of one that is away").isTrue();
        away.set(false);
        later.destroyRevoked();
        assertThat(toDestroy(kid)).isFalse();
    }

    /** A vault that destroys nothing while it is away. */
    private record Absent(KeyVault vault, AtomicBoolean away) implements KeyVault {

        @Override
        public PublicKey generate(UUID keyId, KeyAlgorithm algorithm, ActivationKey activation) {
            return vault.generate(keyId, algorithm, activation);
        }

        @Override
        public SigningKey open(UUID keyId, ActivationKey activation) {
            return vault.open(keyId, activation);
        }

        @Override
        public void destroy(UUID keyId) {
            if (away.get()) {
                throw new IllegalStateException("away");
            }
            vault.destroy(keyId);
        }

        @Override
        public boolean isUsable() {
            return !away.get();
        }
    }

    private static boolean toDestroy(String kid) {
        return context.database()
                .statements()
                .first(
                        "select destroyed_at is null from company_key where kid = ?",
                        statement -> statement.setString(1, kid),
                        row -> row.getBoolean(1))
                .orElseThrow();
    }

    @Test
    void a_key_of_an_earlier_version_is_in_the_database() {
        var known = new CompanyVaults(
                Map.of(VaultChoice.DATABASE.toString(), privateKeys(vault)), VaultChoice.DATABASE.toString());
        var now = new CompanyKeys(context.database().statements(), known, Clock.systemUTC());
        var kid = keys.make(organisation).kid();
        context.database()
                .statements()
                .update(
                        "update company_key set vault = default where kid = ?",
                        statement -> statement.setString(1, kid));
        assertThat(new SignHash(now, context.audit()).sign(legalPerson(), MESSAGE, kid))
                .isNotEmpty();
    }

    @Test
    void a_key_that_the_vault_lost_is_no_refusal() {
        var kid = keys.make(organisation).kid();
        var losing = new CompanyKeys(
                context.database().statements(), vaults(new RacedVault(vault, SignHashTest::lose)), Clock.systemUTC());
        assertThatThrownBy(() -> new SignHash(losing, context.audit()).sign(legalPerson(), MESSAGE, kid))
                .isInstanceOf(KeyNotOpenedException.class);
    }

    private static void lose() {
        context.database().statements().update("delete from wrapped_key", statement -> {});
    }

    @Test
    void signatures_and_a_revocation_at_once_end_in_signatures_and_refusals() throws Exception {
        var kid = keys.make(organisation).kid();
        int signers = 4;
        var executor = Executors.newFixedThreadPool(signers);
        try {
            var begun = new CountDownLatch(signers);
            Callable<ErrorCode> signing = () -> {
                signatures.sign(legalPerson(), MESSAGE, kid);
                begun.countDown();
                while (true) {
                    try {
                        signatures.sign(legalPerson(), MESSAGE, kid);
                    } catch (ProtocolException refused) {
                        return refused.code();
                    }
                }
            };
            var answers = new ArrayList<Future<ErrorCode>>();
            for (int i = 0; i < signers; i++) {
                answers.add(executor.submit(signing));
            }
            assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
            keys.revoke(organisation, kid);
            for (var answer : answers) {
                assertThat(answer.get(60, TimeUnit.SECONDS)).isEqualTo(OAuth2Error.NOT_FOUND);
            }
        } finally {
            executor.shutdownNow();
        }
    }

    /** One in which something else happens at the moment before a key is opened. */
    private record RacedVault(KeyVault vault, Runnable before) implements KeyVault {

        @Override
        public PublicKey generate(UUID credentialId, KeyAlgorithm algorithm, ActivationKey activation) {
            return vault.generate(credentialId, algorithm, activation);
        }

        @Override
        public SigningKey open(UUID credentialId, ActivationKey activation) {
            before.run();
            return vault.open(credentialId, activation);
        }

        @Override
        public void destroy(UUID credentialId) {
            vault.destroy(credentialId);
        }

        @Override
        public boolean isUsable() {
            return vault.isUsable();
        }
    }

    private CompanyKey revoked(String kid) {
        var key = keys.list(organisation, Page.of(null, null)).stream()
                .filter(listed -> listed.kid().equals(kid))
                .findFirst()
                .orElseThrow();
        assertThat(key.revokedAt()).isPresent();
        return key;
    }

    private static int wrapped() {
        return context.database()
                .statements()
                .first("select count(*) from wrapped_key", statement -> {}, row -> row.getInt(1))
                .orElseThrow();
    }

    @Test
    void a_key_of_nobody_leaves_nothing_behind() {
        int kept = wrapped();
        assertThat(refusal(() -> keys.make(UUID.randomUUID()))).isEqualTo(OAuth2Error.NOT_FOUND);
        assertThat(wrapped()).isEqualTo(kept);
    }

    @Test
    void what_is_no_digest_is_not_signed() {
        var kid = keys.make(organisation).kid();
        for (var message : new String[] {
            "", MESSAGE + "=", MESSAGE.substring(1), MESSAGE + "A", Base64Url.encode(new byte[31]), "+".repeat(43)
        }) {
            assertThat(refusal(() -> signatures.sign(legalPerson(), message, kid)))
                    .as(message)
                    .isEqualTo(OAuth2Error.INVALID_REQUEST);
        }
        assertThat(audited(kid)).isZero();
    }

    @Test
    void without_an_entry_in_the_audit_log_there_is_no_signature() throws IOException {
        var kid = keys.make(organisation).kid();
        try (var away = new TestDatabase()) {
            away.audit().close();
            var unheard = new SignHash(keys, away.audit());
            assertThatThrownBy(() -> unheard.sign(legalPerson(), MESSAGE, kid))
                    .isInstanceOf(AuditUnavailableException.class);
        }
    }
}

package org.countersign.cli.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.commons.codec.digest.DigestUtils;
import org.countersign.cli.terminal.Refusal;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.keys.KeyAlgorithm;
import org.countersign.server.keys.SignatureAlgorithm;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From one database to another by the commands' own classes; what was moved is used by the signer's own classes. */
class TenantMoveTest {

    private static final byte[] PASSPHRASE = "a passphrase of this test".getBytes(StandardCharsets.UTF_8);
    private static final byte[] HASH = DigestUtils.sha256("a document");
    private static final Entropy ENTROPY = Entropy.system();

    @TempDir
    static Path folder;

    private static EmbeddedPostgres postgres;
    private static Firm north;
    private static Firm south;
    private static Firm.Authority authority;
    private static int files;

    @BeforeAll
    static void found() throws Exception {
        postgres = EmbeddedPostgres.start();
        authority = new Firm.Authority(KeyPairGenerator.getInstance("EC").generateKeyPair());
        north = new Firm(postgres, folder, "north", json("", "PKCS12DBWebCertificate", "gateway"));
        south = new Firm(
                postgres,
                folder,
                "south",
                json("\"hsm\": {\"type\": \"homo\", \"folder\": \"keys\"},", "HSMWebCertificate", "authenticator"));
    }

    @AfterAll
    static void close() throws Exception {
        north.close();
        south.close();
        postgres.close();
    }

    /** Of nobody's secret. */
    private static final String SECRET_HASH = "$argon2id$v=19$m=3584,t=1,p=1$" + "A".repeat(22) + "$" + "A".repeat(43);

    @Test
    void keys_of_every_kind_open_there_with_the_same_factors_and_only_with_them() throws Exception {
        clear();
        var pin = north.enrol("pin", "pin", KeyAlgorithm.EC_P256, authority);
        var otp = north.enrol("otp", "otp", KeyAlgorithm.RSA_2048, authority);
        var both = north.enrol("both", "pin-otp", KeyAlgorithm.ED25519, authority);
        north.execute("UPDATE credential SET failures = 2, otp_last_step = 77 WHERE seat = 'both'");
        var file = export(false);
        var report = take(file, false);
        assertThat(report)
                .containsEntry("credentials", 3)
                .containsEntry("keys", 3)
                .containsEntry("vault", "homo");
        for (Firm firm : List.of(north, south)) {
            signs(firm, pin, SignatureAlgorithm.parse("SHA256WITHECDSA", null), "NONEwithECDSA", "EC");
            signs(firm, both, SignatureAlgorithm.ED25519, "Ed25519", "Ed25519");
            firm.sign(otp, null, SignatureAlgorithm.parse("SHA256WITHRSA", null), HASH);
        }
        assertThatThrownBy(() -> south.sign(pin, "000000", SignatureAlgorithm.SHA256WITHECDSA, HASH))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("PIN");
        assertThat(south.count("SELECT failures * 1000 + otp_last_step FROM credential WHERE seat = 'both'"))
                .isEqualTo(2_077);
        assertThat(south.credential(pin).certificates()).hasSize(2);
        assertThat(south.credential(pin).protection())
                .isEqualTo(north.credential(pin).protection());
        assertThat(south.credential(both).protection())
                .isEqualTo(north.credential(both).protection());
        assertThat(Files.list(folder.resolve("south/keys"))).hasSize(3);
    }

    @Test
    void what_is_out_of_service_here_is_so_there() throws Exception {
        clear();
        var suspended = north.enrol("suspended", "pin", KeyAlgorithm.EC_P256, authority);
        var revoked = north.enrol("revoked", "pin", KeyAlgorithm.EC_P256, authority);
        north.enrol("active", "pin", KeyAlgorithm.EC_P256, authority);
        north.execute("UPDATE credential SET state = 'SUSPENDED_BY_ADMINISTRATOR', failures = 1000000001"
                + " WHERE seat = 'suspended'");
        north.execute("UPDATE credential SET state = 'REVOKED', failures = 1000000000, revoked_at = now(),"
                + " revocation_reason = 'KEY_COMPROMISE' WHERE seat = 'revoked'");

        assertThat(take(export(false), false)).containsEntry("credentials", 3).containsEntry("locked", 0);

        for (var id : List.of(suspended, revoked)) {
            assertThat(south.credential(id).state())
                    .isEqualTo(north.credential(id).state());
            assertThat(south.credential(id).revokedAt())
                    .isEqualTo(north.credential(id).revokedAt());
            assertThat(south.credential(id).revocationReason())
                    .isEqualTo(north.credential(id).revocationReason());
        }
        assertThat(south.count("SELECT failures FROM credential WHERE seat = 'suspended'"))
                .isEqualTo(1_000_000_001);
        assertThat(south.count("SELECT count(*) FROM credential WHERE state = 'ACTIVE' AND seat = 'active'"))
                .isEqualTo(1);
    }

    /** As a version that knows no state writes it. */
    @Test
    void what_was_revoked_does_not_come_back_by_an_export_without_its_state() throws Exception {
        clear();
        north.enrol("revoked", "pin", KeyAlgorithm.EC_P256, authority);
        north.execute("UPDATE credential SET failures = 1000000000");
        var file = export(false);
        assertThatThrownBy(() -> take(file, false))
                .isInstanceOfSatisfying(
                        TenantImport.Unfit.class,
                        unfit -> assertThat(unfit.problems().get(0)).contains("is not in order"));
    }

    @Test
    void an_import_with_a_problem_changes_nothing_and_so_does_a_dry_run() throws Exception {
        clear();
        north.enrol("one", "pin", KeyAlgorithm.EC_P256, authority);
        var file = export(false);
        take(file, true);
        assertThat(south.count("SELECT count(*) FROM credential")).isZero();
        take(file, false);
        north.enrol("two", "pin", KeyAlgorithm.EC_P256, authority);
        var second = export(false);
        assertThatThrownBy(() -> take(second, false)).isInstanceOf(TenantImport.Unfit.class);
        assertThat(south.count("SELECT count(*) FROM credential")).isEqualTo(1);
        assertThat(south.count("SELECT count(*) FROM tenant_import")).isEqualTo(1);
        assertThat(Files.list(folder.resolve("south/keys"))).hasSize(1);
        assertThatThrownBy(() -> take(file, false))
                .isInstanceOfSatisfying(
                        TenantImport.Unfit.class,
                        unfit -> assertThat(unfit.problems().get(0)).contains("imported here already"));
    }

    @Test
    void after_a_commit_that_was_not_answered_nothing_is_claimed() throws Exception {
        clear();
        north.enrol("one", "pin", KeyAlgorithm.EC_P256, authority);
        var file = export(false);
        south.execute("CREATE FUNCTION end_it() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;"
                + " CREATE CONSTRAINT TRIGGER end_it AFTER INSERT ON tenant_import DEFERRABLE INITIALLY DEFERRED"
                + " FOR EACH ROW EXECUTE FUNCTION end_it()");
        try {
            assertThatThrownBy(() -> take(file, false))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("not known")
                    .hasMessageContaining("tenant_import WHERE export_id = '");
        } finally {
            south.execute("DROP TRIGGER end_it ON tenant_import; DROP FUNCTION end_it()");
        }
        assertThat(take(file, false)).containsEntry("credentials", 1);
    }

    @Test
    void a_commit_that_was_refused_changed_nothing_and_is_said_to_have() throws Exception {
        clear();
        north.enrol("one", "pin", KeyAlgorithm.EC_P256, authority);
        var file = export(false);
        south.execute("CREATE FUNCTION refuse_it() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$ BEGIN RAISE EXCEPTION 'not at the end'; END $$;"
                + " CREATE CONSTRAINT TRIGGER refuse_it AFTER INSERT ON tenant_import DEFERRABLE INITIALLY DEFERRED"
                + " FOR EACH ROW EXECUTE FUNCTION refuse_it()");
        try {
            assertThatThrownBy(() -> take(file, false))
                    .isInstanceOf(java.sql.SQLException.class)
                    .hasMessageContaining("not at the end");
        } finally {
            south.execute("DROP TRIGGER refuse_it ON tenant_import; DROP FUNCTION refuse_it()");
        }
        assertThat(south.count("SELECT count(*) FROM credential")).isZero();
    }

    @Test
    void clients_go_along_for_this_tenant_alone_without_what_is_the_companys() throws Exception {
        clear();
        north.execute("INSERT INTO oauth_client VALUES ('both', '" + SECRET_HASH + "', 'client_credentials', 60,"
                + " 'trustLevel:trustedClient,apiGroup:signer,apiGroup:oAuthAdmin,tenantName:acme,tenantName:other',"
                + " false, now(), 'trustLevel:trustedClient,apiGroup:signer,apiGroup:oAuthAdmin,apiGroup:connector,"
                + "tenantName:acme,tenantName:other,origin:https://shop.example.com'), ('other', '" + SECRET_HASH
                + "', 'client_credentials', 60, 'trustLevel:trustedClient,tenantName:other', false, now(), null)");
        var report = take(export(false), false);
        assertThat(report).containsEntry("clientsAdded", List.of("both"));
        assertThat(south.count("SELECT count(*) FROM oauth_client WHERE authorities ="
                        + " 'trustLevel:trustedClient,apiGroup:signer,tenantName:acme' AND all_authorities IS NULL"))
                .isEqualTo(1);
    }

    @Test
    void people_stay_in_their_groups_and_clients_kept_to_them() throws Exception {
        clear();
        north.enrol("in", "pin", KeyAlgorithm.EC_P256, authority);
        north.execute("INSERT INTO seat_group VALUES ('acme', 'empty', now()), ('acme', 'sales', now()),"
                + " ('other', 'theirs', now());"
                + " INSERT INTO seat VALUES ('acme', 'in', 'sales', now()), ('acme', 'none', null, '2026-01-01T00:00:00Z'),"
                + " ('other', 'another', 'theirs', now())");
        var all = "trustLevel:trustedClient,apiGroup:signer,tenantName:acme,tenantName:other,groupName:sales@acme,"
                + "groupName:theirs@other";
        north.execute("INSERT INTO oauth_client (client_id, secret_hash, authorized_grant_types, access_token_validity,"
                + " authorities, grouped_authorities, demonstration, created_at) VALUES ('kept', '" + SECRET_HASH
                + "', 'client_credentials', 60, 'trustLevel:trustedClient,apiGroup:signer', '" + all
                + "', false, now())");
        var file = export(false);

        assertThat(take(file, false)).containsEntry("seatsEntered", 2).containsEntry("clientsAdded", List.of("kept"));

        assertThat(south.count("SELECT count(*) FROM seat_group WHERE tenant = 'acme'"))
                .isEqualTo(2);
        assertThat(south.count("SELECT count(*) FROM seat_group")).isEqualTo(2);
        assertThat(south.count("SELECT count(*) FROM seat WHERE seat = 'in' AND group_name = 'sales'"))
                .isEqualTo(1);
        assertThat(south.count("SELECT count(*) FROM seat WHERE seat = 'none' AND group_name IS NULL"
                        + " AND created_at = '2026-01-01T00:00:00Z'"))
                .isEqualTo(1);
        assertThat(south.count("SELECT count(*) FROM oauth_client WHERE"
                        + " authorities = 'trustLevel:trustedClient,apiGroup:signer' AND grouped_authorities ="
                        + " 'trustLevel:trustedClient,apiGroup:signer,tenantName:acme,groupName:sales@acme'"))
                .isEqualTo(1);
    }

    @Test
    void who_is_in_another_group_there_is_a_problem() throws Exception {
        clear();
        north.execute("INSERT INTO seat_group VALUES ('acme', 'sales', now());"
                + " INSERT INTO seat VALUES ('acme', 'in', 'sales', now())");
        south.execute("INSERT INTO seat_group VALUES ('acme', 'legal', now());"
                + " INSERT INTO seat VALUES ('acme', 'in', 'legal', now())");
        var file = export(false);
        assertThatThrownBy(() -> take(file, false))
                .isInstanceOfSatisfying(
                        TenantImport.Unfit.class,
                        unfit -> assertThat(unfit.problems())
                                .containsExactly(
                                        "The seat in is in the group sales there, and in the group legal here."));
        assertThat(south.count("SELECT count(*) FROM seat_group WHERE name = 'sales'"))
                .isZero();
    }

    @Test
    void nobody_comes_into_a_group_or_out_of_one_by_an_import() throws Exception {
        clear();
        // In no group there; here, without a credential yet, in one.
        north.enrol("in", "pin", KeyAlgorithm.EC_P256, authority);
        south.execute("INSERT INTO seat_group VALUES ('acme', 'sales', now());"
                + " INSERT INTO seat VALUES ('acme', 'in', 'sales', now())");
        var file = export(false);
        assertThatThrownBy(() -> take(file, false))
                .isInstanceOfSatisfying(
                        TenantImport.Unfit.class,
                        unfit -> assertThat(unfit.problems())
                                .containsExactly("The seat in is in no group there, and in the group sales here."));

        clear();
        // The other way round: here by a credential alone.
        south.enrol("out", "pin", KeyAlgorithm.EC_P256, authority);
        north.execute("INSERT INTO seat_group VALUES ('acme', 'sales', now());"
                + " INSERT INTO seat VALUES ('acme', 'out', 'sales', now())");
        var other = export(false);
        assertThatThrownBy(() -> take(other, false))
                .isInstanceOfSatisfying(
                        TenantImport.Unfit.class,
                        unfit -> assertThat(unfit.problems())
                                .containsExactly("The seat out is in the group sales there, and in no group here."));
    }

    @Test
    void a_key_that_pins_of_a_company_share_goes_along_only_when_told_so() throws Exception {
        clear();
        var id = north.enrol("former", "pin", KeyAlgorithm.EC_P256, authority);
        // As the version before PIN keys stored it, without its last part: this PIN is checked no more, but counted.
        north.execute("UPDATE credential SET pin = regexp_replace(pin, '[$][^$]*$', '') WHERE id = '" + id + "'");
        assertThatThrownBy(() -> export(false))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("--with-company-pin-key");
        assertThat(take(export(true), false)).containsEntry("credentials", 1);
    }

    @Test
    void another_master_secret_exports_nothing() throws Exception {
        clear();
        var id = north.enrol("foreign", "pin", KeyAlgorithm.EC_P256, authority);
        north.execute("UPDATE wrapped_key SET wrapped = set_byte(wrapped, 20, get_byte(wrapped, 20) # 1)");
        assertThatThrownBy(() -> export(false)).isInstanceOf(Refusal.class).hasMessageContaining("master secret");
        north.execute("DELETE FROM wrapped_key");
        assertThatThrownBy(() -> export(false)).isInstanceOf(Refusal.class).hasMessageContaining(id.toString());
        assertThat(Files.list(folder).filter(path -> path.toString().contains("tenant-export")))
                .isEmpty();
    }

    /** Nobody has it any more when the tenant is there, and how often codes were sent here is not counted there. */
    @Test
    void a_code_that_was_sent_stays_behind() throws Exception {
        clear();
        var id = north.enrol("code", "code", KeyAlgorithm.EC_P256, authority);
        north.execute("UPDATE credential SET code_hash = decode(repeat('00', 48), 'hex'), code_expires_at = now(),"
                + " code_sent_at = now(), codes_since = now(), codes_sent = 9");
        take(export(false), false);
        assertThat(south.credential(id).sentCode()).isEmpty();
        assertThat(south.credential(id).protection())
                .isEqualTo(north.credential(id).protection());
        assertThat(south.count("SELECT codes_sent FROM credential")).isZero();
    }

    @Test
    void where_a_one_time_password_comes_from_has_to_be_the_same() throws Exception {
        clear();
        north.enrol("code", "differs", KeyAlgorithm.EC_P256, authority);
        var file = export(false);
        assertThatThrownBy(() -> take(file, false))
                .isInstanceOfSatisfying(
                        TenantImport.Unfit.class,
                        unfit -> assertThat(unfit.problems().get(0))
                                .contains("differs differs", "scal 2, otpDelivery gateway, here", "scal 2."));
    }

    @Test
    void a_thousand_credentials_move() throws Exception {
        clear();
        var id = north.enrol("many", "otp", KeyAlgorithm.EC_P256, authority);
        for (int i = 0; i < 1_000; i++) {
            // Rows that do not open are no matter for the first half of the way: without key, PIN and salt.
            north.execute("INSERT INTO credential (id, tenant, seat, created_by, configuration_id, multi_signature,"
                    + " created_at) VALUES ('" + ENTROPY.uuid() + "', 'acme', 'seat-" + i + "', 'g', 'pin', 1, now())");
        }
        assertThat(take(export(false), false)).containsEntry("credentials", 1_001);
        south.sign(id, null, SignatureAlgorithm.parse("SHA256WITHECDSA", null), HASH);
    }

    private static void signs(Firm firm, UUID id, SignatureAlgorithm algorithm, String jca, String family)
            throws Exception {
        var signature = firm.sign(id, Firm.PIN, algorithm, HASH);
        var key = KeyFactory.getInstance(family)
                .generatePublic(
                        new X509EncodedKeySpec(firm.credential(id).publicKey().orElseThrow()));
        var verifier = Signature.getInstance(jca);
        verifier.initVerify(key);
        verifier.update(HASH);
        assertThat(verifier.verify(signature)).isTrue();
    }

    private static void clear() throws Exception {
        for (Firm firm : List.of(north, south)) {
            firm.execute("DELETE FROM credential; DELETE FROM wrapped_key; DELETE FROM oauth_client; DELETE FROM seat;"
                    + " DELETE FROM seat_group;"
                    + " DELETE FROM tenant_import");
        }
        if (Files.isDirectory(folder.resolve("south/keys"))) {
            try (var keys = Files.list(folder.resolve("south/keys"))) {
                for (Path key : keys.toList()) {
                    Files.delete(key);
                }
            }
        }
    }

    private static Path export(boolean withCompanyPinKey) throws Exception {
        var file = folder.resolve("file-" + files++ + ".tenant");
        new TenantExport(north.context(), "acme", withCompanyPinKey)
                .run(file, FileKey.forPassphrase(PASSPHRASE, ENTROPY), "a passphrase", count -> {});
        return file;
    }

    private static Map<String, Object> take(Path file, boolean dryRun) throws Exception {
        return new TenantImport(south.context(), file, FileKey.withPassphrase(PASSPHRASE))
                .run(Optional.empty(), dryRun, count -> {});
    }

    /** @param delivery of the configuration {@code differs} */
    private static String json(String hsm, String vault, String delivery) {
        var sent = "\"factors\": [\"PIN\", \"OTP\"], \"otpDelivery\": ";
        return "{" + hsm + "\"authorizationConfigurations\": [{\"id\": \"pin\", \"factors\": [\"PIN\"]},"
                + " {\"id\": \"otp\", \"factors\": [\"OTP\"]}, {\"id\": \"pin-otp\", \"factors\": [\"PIN\", \"OTP\"]},"
                + " {\"id\": \"code\", " + sent + "\"gateway\"}, {\"id\": \"differs\", " + sent + "\"" + delivery
                + "\"}],"
                + " \"didProperties\": {\"url\": \"https://gateway.example.com\", \"clientId\": \"gateway\","
                + " \"clientSecret\": \"0123456789abcdef\"}, \"datasource\": {\"url\": \"@URL@\", \"username\": \"postgres\"},"
                + " \"tenants\": [{\"name\": \"acme\", \"demonstration\": true, \"defaultWebCertificateType\": \""
                + vault
                + "\"}, {\"name\": \"other\", \"demonstration\": true}]}";
    }
}

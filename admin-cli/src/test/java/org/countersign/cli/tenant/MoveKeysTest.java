package org.countersign.cli.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyPairGenerator;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.IntConsumer;
import org.apache.commons.codec.digest.DigestUtils;
import org.countersign.cli.terminal.Refusal;
import org.countersign.server.keys.KeyAlgorithm;
import org.countersign.server.keys.SignatureAlgorithm;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the vault in a folder to the database and back; the keys are used by the signer's own classes. */
class MoveKeysTest {

    private static final String DATABASE = TenantContext.DATABASE_VAULT;
    private static final byte[] HASH = DigestUtils.sha256("a document");

    @TempDir
    static Path folder;

    private static EmbeddedPostgres postgres;
    private static Firm firm;
    private static Firm.Authority authority;

    private final List<UUID> credentials = new ArrayList<>();

    @BeforeAll
    static void found() throws Exception {
        postgres = EmbeddedPostgres.start();
        authority = new Firm.Authority(KeyPairGenerator.getInstance("EC").generateKeyPair());
        firm = new Firm(
                postgres,
                folder,
                "firm",
                "{\"datasource\": {\"url\": \"@URL@\", \"username\": \"postgres\"},"
                        + " \"hsm\": {\"type\": \"homo\", \"folder\": \"keys\"}, \"tenants\": [{\"name\": \"acme\","
                        + " \"demonstration\": true, \"defaultWebCertificateType\": \"HSMWebCertificate\"},"
                        + " {\"name\": \"other\", \"demonstration\": true}]}");
    }

    @AfterAll
    static void close() throws Exception {
        firm.close();
        postgres.close();
    }

    @BeforeEach
    void enrol() throws Exception {
        firm.execute("DELETE FROM credential");
        firm.execute("DELETE FROM wrapped_key");
        for (var file : files()) {
            Files.delete(file);
        }
        for (int i = 0; i < 5; i++) {
            credentials.add(firm.enrol("seat" + i, "pin", KeyAlgorithm.EC_P256, authority));
        }
    }

    @Test
    void every_key_signs_where_it_is_and_is_nowhere_else() throws Exception {
        long entries = entries();
        assertThat(move(DATABASE, true, n -> {})).containsEntry("moved", 5);
        assertThat(entries()).isEqualTo(entries);
        assertThat(files()).as("after a dry run").hasSize(5);
        assertThat(inDatabase()).isZero();

        assertThat(move(DATABASE, false, n -> {}))
                .containsEntry("moved", 5)
                .containsEntry("there", 0)
                .containsEntry("keysNow", Map.of(DATABASE, 5L));
        assertThat(files()).isEmpty();
        sign();
        assertThat(move(DATABASE, false, n -> {})).containsEntry("moved", 0).containsEntry("there", 5);

        assertThat(move("homo", false, n -> {})).containsEntry("moved", 5);
        assertThat(files()).hasSize(5);
        assertThat(inDatabase()).isZero();
        sign();
        // Each key twice, and the beginning and the end of three commands.
        assertThat(entries() - entries).isEqualTo(10 + 3 * 2);
    }

    @Test
    void cut_off_it_goes_on_and_removes_the_former_copies_that_were_left() throws Exception {
        assertThatThrownBy(() -> move(DATABASE, false, seen -> {
                    if (seen == 2) {
                        throw new IllegalStateException("cut off");
                    }
                }))
                .hasMessage("cut off");
        sign();
        // As if it had been cut off a moment earlier, before the former copy went.
        var id = credentials.stream()
                .map(firm::credential)
                .filter(credential -> credential.vault().equals(DATABASE))
                .findFirst()
                .orElseThrow()
                .keyId();
        Files.write(folder.resolve("firm/keys/" + id + ".key"), new byte[] {1});
        int before = files().size();

        var report = move(DATABASE, false, n -> {});

        assertThat((int) report.get("moved") + (int) report.get("there")).isEqualTo(5);
        assertThat(before).isGreaterThanOrEqualTo(3);
        assertThat(files()).isEmpty();
        sign();
    }

    /** The copy is in the folder already, and the credential does not name it yet. */
    @Test
    void cut_off_before_the_credential_names_it_the_copy_is_written_over() throws Exception {
        move(DATABASE, false, n -> {});
        var id = firm.credential(credentials.get(0)).keyId();
        Files.write(folder.resolve("firm/keys/" + id + ".key"), new byte[] {1});

        assertThat(move("homo", false, n -> {})).containsEntry("moved", 5);

        sign();
    }

    @Test
    void a_key_that_waits_for_a_renewal_comes_along() throws Exception {
        firm.execute("UPDATE credential SET renewal_at = now(), new_key_id = key_id, new_vault = vault,"
                + " key_id = NULL, vault = NULL WHERE seat = 'seat1'");
        move(DATABASE, false, n -> {});
        assertThat(files()).isEmpty();
        firm.execute("UPDATE credential SET key_id = new_key_id, vault = new_vault, new_key_id = NULL, new_vault = NULL"
                + " WHERE seat = 'seat1'");
        sign();
    }

    @Test
    void a_key_that_is_missing_or_changed_stays_and_keeps_no_other_from_moving() throws Exception {
        var missing = firm.credential(credentials.get(0)).keyId();
        var changed = firm.credential(credentials.get(1)).keyId();
        Files.delete(folder.resolve("firm/keys/" + missing + ".key"));
        Files.write(folder.resolve("firm/keys/" + changed + ".key"), new byte[] {1, 2, 3});

        var report = move(DATABASE, false, n -> {});

        assertThat(report)
                .containsEntry("moved", 3)
                .containsEntry("stayed", 2)
                .containsEntry("keysNow", Map.of("homo", 2L, DATABASE, 3L));
        assertThat((List<?>) report.get("problems"))
                .hasSize(2)
                .anySatisfy(problem -> assertThat(problem.toString())
                        .contains(credentials.get(0).toString())
                        .contains("the vault has no key of this credential"))
                .anySatisfy(problem -> assertThat(problem.toString())
                        .contains(credentials.get(1).toString())
                        .contains("was changed or belongs to another"));
        assertThat(Files.exists(folder.resolve("firm/keys/" + changed + ".key")))
                .isTrue();
    }

    @Test
    void one_that_was_deleted_meanwhile_leaves_no_copy() throws Exception {
        move(DATABASE, false, n -> {});
        var report = new MoveKeys(firm.context(), "acme", Optional.empty(), "homo").run(false, seen -> {
            try {
                firm.execute("DELETE FROM credential WHERE id <> '" + credentials.get(1) + "'");
            } catch (SQLException failed) {
                throw new AssertionError(failed);
            }
        });
        assertThat((List<?>) report.get("problems")).hasSizeGreaterThanOrEqualTo(3);
        assertThat(files()).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void what_reads_back_as_something_else_is_not_named_and_the_former_copy_stays() throws Exception {
        firm.execute("CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$ BEGIN NEW.wrapped = '\\x00'; RETURN NEW; END $$");
        firm.execute("CREATE TRIGGER spoil BEFORE INSERT ON wrapped_key FOR EACH ROW EXECUTE FUNCTION spoil()");
        try {
            assertThatThrownBy(() -> move(DATABASE, false, n -> {}))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("reads back as another");
        } finally {
            firm.execute("DROP TRIGGER spoil ON wrapped_key");
            firm.execute("DROP FUNCTION spoil");
        }
        assertThat(firm.count(
                        "SELECT count(*) FROM audit_entry WHERE type = 'tenant.keys-moved' AND outcome = 'failure'"))
                .isPositive();
        assertThat(files()).hasSize(5);
        assertThat(inDatabase()).isZero();
        sign();
    }

    /** Of commands that were killed, and whose credentials were deleted or moved on since. */
    @Test
    void files_that_nobody_names_any_more_go_once_they_are_old() throws Exception {
        var keys = folder.resolve("firm/keys");
        var named = firm.credential(credentials.get(0)).keyId();
        var gone = firm.credential(credentials.get(1)).keyId();
        var condemned = firm.credential(credentials.get(2)).keyId();
        var young = firm.credential(credentials.get(3)).keyId();
        var others = keys.resolve("00000000-0000-4000-8000-000000000001.key");
        Files.write(others, new byte[] {1, 2, 3});
        firm.execute("DELETE FROM credential WHERE key_id <> '" + named + "'");
        firm.execute("INSERT INTO condemned_key (key_id, vault, credential_id, tenant, seat, condemned_at) VALUES ('"
                + condemned + "', 'homo', '" + condemned + "', 'acme', 'x', now())");
        for (var file : files()) {
            if (!file.endsWith(young + ".key")) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
            }
        }
        move("homo", true, n -> {});
        assertThat(files()).as("after a dry run").hasSize(6);

        move("homo", false, n -> {});

        assertThat(keys.resolve(gone + ".key")).doesNotExist();
        assertThat(files())
                .contains(keys.resolve(named + ".key"), keys.resolve(condemned + ".key"), keys.resolve(young + ".key"))
                .contains(others);
        firm.execute("DELETE FROM condemned_key");
    }

    @Test
    void into_and_out_of_a_token_it_refuses_and_says_how_else() throws Exception {
        refused("pkcs11", Optional.empty(), "by re-issue (renewal)");
        firm.execute("UPDATE credential SET vault = 'pkcs11' WHERE seat = 'seat1'");
        refused(DATABASE, Optional.empty(), "out of a PKCS#11 token");
        assertThat(new MoveKeys(firm.context(), "acme", Optional.of("homo"), DATABASE).run(false, n -> {}))
                .containsEntry("moved", 4)
                .containsEntry("keysNow", Map.of(DATABASE, 4L, "pkcs11", 1L));
        refused("kms", Optional.empty(), "which");
        refused("test", Optional.empty(), "of a server only");
        refused("elsewhere", Optional.empty(), "A vault is one of");
        refused("homo", Optional.of("homo"), "the same vault");
    }

    @Test
    void only_one_at_a_time_and_only_of_the_tenant() throws Exception {
        assertThatThrownBy(() -> move(DATABASE, false, seen -> move(DATABASE, false, n -> {})))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("being moved by another command");
        assertThat(new MoveKeys(firm.context(), "other", Optional.empty(), DATABASE).run(false, n -> {}))
                .containsEntry("moved", 0);
        assertThatThrownBy(() -> new MoveKeys(firm.context(), "nobody", Optional.empty(), DATABASE).run(true, n -> {}))
                .hasMessageContaining("has no tenant nobody");
    }

    private static void refused(String to, Optional<String> from, String why) {
        assertThatThrownBy(() -> new MoveKeys(firm.context(), "acme", from, to).run(false, n -> {}))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(why);
    }

    private static Map<String, Object> move(String to, boolean dryRun, IntConsumer progress) {
        try {
            return new MoveKeys(firm.context(), "acme", Optional.empty(), to).run(dryRun, progress);
        } catch (IOException | SQLException failed) {
            throw new AssertionError(failed);
        }
    }

    private void sign() {
        for (var id : credentials) {
            assertThat(firm.sign(id, Firm.PIN, SignatureAlgorithm.SHA256WITHECDSA, HASH))
                    .isNotEmpty();
        }
    }

    private static long entries() throws SQLException {
        return firm.count("SELECT count(*) FROM audit_entry WHERE type IN ('key.moved', 'tenant.keys-move-begun',"
                + " 'tenant.keys-moved')");
    }

    private static long inDatabase() throws SQLException {
        return firm.count("SELECT count(*) FROM wrapped_key");
    }

    private static List<Path> files() throws IOException {
        var keys = folder.resolve("firm/keys");
        if (!Files.exists(keys)) {
            return List.of();
        }
        try (var files = Files.list(keys)) {
            return files.toList();
        }
    }
}

package org.countersign.server.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WrappedKeysTest {

    private static final UUID CREDENTIAL = TestKeys.ENTROPY.uuid();

    @TempDir
    Path temporary;

    @Test
    void memory_keeps_replaces_and_removes() {
        keepsReplacesAndRemoves(new MemoryWrappedKeys());
    }

    @Test
    void a_folder_keeps_replaces_and_removes() {
        keepsReplacesAndRemoves(new FolderWrappedKeys(temporary.resolve("keys")));
    }

    @Test
    void a_folder_is_readable_by_its_owner_only_and_holds_nothing_half_written() throws IOException {
        var folder = temporary.resolve("keys");
        new FolderWrappedKeys(folder).put(CREDENTIAL, new byte[] {1});
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
        var file = folder.resolve(CREDENTIAL + ".key");
        assertThat(folder).isDirectoryContaining(file::equals);
        assertThat(folder.toFile().list()).hasSize(1);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void the_database_keeps_replaces_and_removes() throws IOException, SQLException {
        try (var postgres = EmbeddedPostgres.start()) {
            try (var connection = postgres.getPostgresDatabase().getConnection();
                    var statement = connection.createStatement()) {
                statement.execute(migration());
            }
            keepsReplacesAndRemoves(new DatabaseWrappedKeys(postgres.getPostgresDatabase()));
            var vault = new SoftwareKeyVault(
                    new DatabaseWrappedKeys(postgres.getPostgresDatabase()),
                    TestKeys.master(1),
                    TestKeys.FASTEST,
                    TestKeys.ENTROPY);
            // The longest key there is fits the column's check.
            vault.generate(CREDENTIAL, KeyAlgorithm.RSA_4096, TestKeys.activation(7));
            try (var key = vault.open(CREDENTIAL, TestKeys.activation(7))) {
                assertThat(key.algorithm()).isEqualTo(KeyAlgorithm.RSA_4096);
            }
        }
    }

    private static void keepsReplacesAndRemoves(WrappedKeys keys) {
        assertThat(keys.get(CREDENTIAL)).isEmpty();
        keys.put(CREDENTIAL, new byte[] {1, 2});
        assertThat(keys.get(CREDENTIAL))
                .hasValueSatisfying(bytes -> assertThat(bytes).containsExactly(1, 2));
        keys.put(CREDENTIAL, new byte[] {3});
        assertThat(keys.get(CREDENTIAL))
                .hasValueSatisfying(bytes -> assertThat(bytes).containsExactly(3));
        keys.remove(CREDENTIAL);
        keys.remove(CREDENTIAL);
        assertThat(keys.get(CREDENTIAL)).isEmpty();
    }

    private static String migration() throws IOException {
        try (var in = WrappedKeysTest.class.getResourceAsStream("/db/migration/server/V3__wrapped_keys.sql")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

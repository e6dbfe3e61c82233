package org.countersign.server.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.UUID;
import org.countersign.server.audit.Finding.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnAttackerOfTheTablesIsFoundTest {

    @TempDir
    Path folder;

    private AuditRig rig;
    private UUID chain;

    /** One ended chain: started, ten events, closed. */
    @BeforeEach
    void writeAChain() throws IOException {
        rig = new AuditRig();
        try (var log = rig.log(folder)) {
            for (int i = 1; i <= 10; i++) {
                log.append(AuditEvent.success("pin.set")
                        .client("c" + i)
                        .tenant("acme")
                        .seat("jdoe")
                        .credential("k")
                        .detail("number", i)
                        .detail("text", "ä \"quoted\""));
            }
        }
        chain = AnchorSlots.chains(folder).get(0);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void anUntouchedLogIsFine() {
        var report = rig.verify(folder);
        assertThat(report.findings()).isEmpty();
        assertThat(report.fine()).isTrue();
        assertThat(report.chains()).isEqualTo(1);
        assertThat(report.entries()).isEqualTo(12);
    }

    @Test
    void theTableRefusesChangesAsAFirstLine() {
        assertThatThrownBy(() -> rig.execute("DELETE FROM audit_entry")).hasStackTraceContaining("append-only");
        assertThatThrownBy(() -> rig.execute("UPDATE audit_entry SET seat = ''"))
                .hasStackTraceContaining("append-only");
        assertThatThrownBy(() -> rig.execute("TRUNCATE audit_entry")).hasStackTraceContaining("append-only");
    }

    @Test
    void aChangeOfAnyColumnIsFound() {
        for (var change : new String[] {
            "at = at + interval '1 microsecond'",
            "type = 'pin.changed'",
            "outcome = 'failure'",
            "client = NULL",
            "tenant = 'other'",
            "seat = ''",
            "credential = 'l'",
            "details = '{}'",
            "at = 'infinity'"
        }) {
            rig.attack(
                    "CREATE TABLE original AS SELECT * FROM audit_entry",
                    "UPDATE audit_entry SET " + change + " WHERE seq = 5");
            assertFound(Kind.CHANGED, 5);
            rig.attack(
                    "DELETE FROM audit_entry", "INSERT INTO audit_entry SELECT * FROM original", "DROP TABLE original");
        }
        assertThat(rig.verify(folder).findings()).isEmpty();
    }

    @Test
    void aChangedEntryWithARightHashIsFound() throws SQLException {
        rig.attack("UPDATE audit_entry SET seat = 'other' WHERE seq = 5");
        rehash("seq = 5", false);
        assertFound(Kind.NOT_FOLLOWING, 6);
    }

    @Test
    void aRemovedEntryIsFound() {
        rig.attack("DELETE FROM audit_entry WHERE seq = 5");
        assertFound(Kind.REMOVED, 5);
    }

    @Test
    void aRemovedBeginningIsFound() {
        rig.attack("DELETE FROM audit_entry WHERE seq <= 3");
        assertFound(Kind.REMOVED, 1);
    }

    @Test
    void swappedEntriesAreFound() {
        rig.attack(
                "UPDATE audit_entry SET seq = 100 WHERE seq = 4",
                "UPDATE audit_entry SET seq = 4 WHERE seq = 7",
                "UPDATE audit_entry SET seq = 7 WHERE seq = 100");
        assertFound(Kind.MOVED, 4);
        assertFound(Kind.MOVED, 7);
    }

    @Test
    void aCutEndIsFound() {
        rig.attack("DELETE FROM audit_entry WHERE seq > 10");
        assertFound(Kind.CUT, 11);
    }

    @Test
    void aDroppedChainIsFound() {
        rig.attack("TRUNCATE audit_entry");
        assertFound(Kind.CHAIN_MISSING, 0);
    }

    @Test
    void aChainWrittenAnewWithAllItsHashesIsFound() throws SQLException {
        rig.attack("UPDATE audit_entry SET seat = 'other' WHERE seq = 5");
        rehash("seq >= 5", true);
        assertFound(Kind.REBUILT, 12);
        assertThat(rig.verify(folder).findings()).hasSize(1);
    }

    @Test
    void aForgedEntryAtTheEndIsFound() throws SQLException {
        rig.attack("INSERT INTO audit_entry SELECT chain, 13, at, type, outcome, client, tenant, seat, credential,"
                + " details, hash, hash FROM audit_entry WHERE seq = 12");
        rehash("seq = 13", true);
        assertFound(Kind.BEYOND_ANCHOR, 13);

        // Nor does a restart take it over: the chain has ended.
        rig.log(folder).close();
        assertFound(Kind.BEYOND_ANCHOR, 13);
    }

    @Test
    void aForgedChainIsFound() throws SQLException {
        var forged = UUID.fromString("aaaaaaaa-0000-4000-8000-000000000000");
        rig.attack("INSERT INTO audit_entry SELECT '" + forged + "', seq, at, type, outcome, client, tenant, seat,"
                + " credential, details, previous, hash FROM audit_entry");
        rehash("chain = '" + forged + "'", true);
        assertThat(rig.verify(folder).findings())
                .singleElement()
                .matches(finding ->
                        finding.kind() == Kind.NO_ANCHOR && finding.chain().equals(forged));
    }

    @Test
    void aSecondEntryOfANumberIsFound() {
        rig.attack(
                "ALTER TABLE audit_entry DROP CONSTRAINT audit_entry_pkey",
                "INSERT INTO audit_entry SELECT chain, seq, at, 'pin.changed', outcome, client, tenant, seat,"
                        + " credential, details, previous, hash FROM audit_entry WHERE seq = 5");
        assertFound(Kind.DUPLICATE, 5);
    }

    @Test
    void emptiedColumnsAreFound() {
        rig.attack(
                "ALTER TABLE audit_entry ALTER hash DROP NOT NULL, ALTER previous DROP NOT NULL, ALTER at DROP NOT"
                        + " NULL, ALTER details DROP NOT NULL",
                "UPDATE audit_entry SET hash = NULL, previous = NULL, at = NULL, details = NULL WHERE seq = 5");
        assertThat(rig.verify(folder).fine()).isFalse();
    }

    @Test
    void anAnchorCopiedFromAnotherChainIsFound() throws IOException {
        rig.log(folder).close();
        var other = AnchorSlots.chains(folder).stream()
                .filter(id -> !id.equals(chain))
                .findAny()
                .orElseThrow();
        Files.write(AnchorSlots.file(folder, chain), Files.readAllBytes(AnchorSlots.file(folder, other)));
        assertFound(Kind.ANCHOR_INVALID, 0);
    }

    @Test
    void aChangedAnchorIsFound() throws IOException {
        var file = AnchorSlots.file(folder, chain);
        Files.writeString(file, Files.readString(file).replace("\"seq\":12,", "\"seq\":11,"));
        assertFound(Kind.ANCHOR_INVALID, 0);
    }

    @Test
    void anAnchorSignedByAnotherKeyIsFound() {
        var other = AnchorKey.derive("some other material, also secret".getBytes(StandardCharsets.US_ASCII));
        assertThat(rig.verify(other, folder).findings()).anyMatch(finding -> finding.kind() == Kind.ANCHOR_INVALID);
    }

    @Test
    void aRemovedAnchorIsFound() throws IOException {
        Files.delete(AnchorSlots.file(folder, chain));
        assertFound(Kind.NO_ANCHOR, 0);
    }

    private void assertFound(Kind kind, long seq) {
        var report = rig.verify(folder);
        assertThat(report.fine()).isFalse();
        assertThat(report.findings())
                .anyMatch(finding -> finding.kind() == kind
                        && finding.seq() == seq
                        && finding.chain().equals(chain));
    }

    /** What an attacker who knows the format does. */
    private void rehash(String where, boolean link) throws SQLException {
        try (Connection connection = rig.database().getConnection();
                var statement = connection.createStatement()) {
            var entries = new ArrayList<ChainedEntry>();
            EntryTable.all(connection, entries::add);
            statement.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER");
            EntryHash previous = null;
            for (var entry : entries) {
                boolean first = entry.seq() == 1;
                if (previous == null || first) {
                    previous = entry.previous();
                }
                var base = link ? previous : entry.previous();
                var linked = new ChainedEntry(
                        entry.chain(),
                        entry.seq(),
                        entry.at(),
                        entry.type(),
                        entry.outcome(),
                        entry.client(),
                        entry.tenant(),
                        entry.seat(),
                        entry.credential(),
                        entry.details(),
                        base,
                        null);
                int changed = statement.executeUpdate("UPDATE audit_entry SET previous = '\\x" + base.hex()
                        + "', hash = '\\x" + linked.computedHash().hex() + "' WHERE chain = '" + entry.chain()
                        + "' AND seq = " + entry.seq() + " AND " + where);
                previous = changed == 1 ? linked.computedHash() : entry.hash();
            }
            statement.execute("ALTER TABLE audit_entry ENABLE TRIGGER USER");
        }
    }
}

package org.countersign.cli.company;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

    @TempDir
    Path state;

    @Test
    void aRollbackThatIsTakenBackIsAMigrationThatHasNoBackupYet() {
        var rollback = Journal.begin("signer-a", Journal.ROLLBACK, "015", "014", 1)
                .withBackup("moves/backup/of-the-data-that-was-lost")
                .restoredFrom("moves/backup/older")
                .at("restore");

        assertThat(rollback.isRollbackFrom("015")).isTrue();
        assertThat(rollback.isRollbackFrom("014")).isFalse();
        assertThat(rollback.takenBack(2)).isEqualTo(Journal.begin("signer-a", Journal.MIGRATE, "014", "015", 2));
    }

    @Test
    void aJournalIsReadAgainAlsoOneOfAnEarlierBuild() throws IOException {
        var journal =
                Journal.begin("signer-a", Journal.ROLLBACK, "015", "014", 1).restoredFrom("moves/backup/older");
        journal.save(state);
        assertThat(Journal.underWay(state, "signer-a")).contains(journal);

        Files.writeString(
                state.resolve("signer-a.json"),
                "{\"company\":\"signer-a\",\"kind\":\"migrate\",\"from\":\"014\",\"to\":\"015\",\"began\":1,\"backup\":\"\","
                        + "\"step\":\"drain\",\"restBegan\":0,\"rested\":-1}");
        assertThat(Journal.underWay(state, "signer-a").orElseThrow().restored()).isEmpty();
    }
}

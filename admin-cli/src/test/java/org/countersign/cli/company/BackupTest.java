package org.countersign.cli.company;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which backup a rollback brings back. */
class BackupTest {

    private static final String EXPAND = "V1__expand_first";
    private static final String CONTRACT = "V2__contract_from_2_first";

    @TempDir
    Path folder;

    private Site site;
    private VersionFolder old;

    @BeforeEach
    void makeTwoVersions() throws IOException {
        var small = new SmallSite(folder);
        site = small.site();
        old = small.version("014", "0.1.4", EXPAND);
        small.version("016", "0.1.6", EXPAND, CONTRACT);
    }

    @Test
    void theNewestOfTheVersionThatItCanRunOn() throws IOException {
        backup("signer-a-014-1", "0.1.4", 1, 1);
        backup("signer-a-014-2", "0.1.4", 2, 1);
        backup("signer-a-014-3", "0.1.4", 3, 2);
        backup("signer-a-016-4", "0.1.6", 4, 2);
        backup(".signer-a-014-5.partial", "0.1.4", 5, 1);

        assertThat(newest()).hasFileName("signer-a-014-2");
    }

    @Test
    void noneOfASchemaThatNobodyKnows() throws IOException {
        backup("signer-a-014-1", "0.1.4", 1, 7);

        assertThat(Backup.newest(site, SmallSite.COMPANY, old.war(SmallSite.COMPANY)))
                .isEmpty();
    }

    private Path newest() throws IOException {
        return Backup.newest(site, SmallSite.COMPANY, old.war(SmallSite.COMPANY))
                .orElseThrow()
                .folder();
    }

    private void backup(String name, String version, long takenAt, int schema) throws IOException {
        var backup = Files.createDirectories(folder.resolve("moves/backup").resolve(name));
        Files.copy(old.path().resolve("signer-a.war"), backup.resolve("signer-a.war"));
        Files.write(
                backup.resolve("manifest.json"),
                new JsonMapper()
                        .writeValueAsBytes(new Backup.Manifest(
                                SmallSite.COMPANY, version, takenAt, List.of(), Map.of("signer", schema), Map.of())));
    }
}

package org.countersign.cli.company;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListCommandTest {

    @TempDir
    Path folder;

    private Site site;

    @BeforeEach
    void makeASite() throws IOException {
        var small = new SmallSite(folder);
        site = small.site();
        small.version("014", "0.1.4");
        SmallSite.war(site.deployed(SmallSite.COMPANY), "0.1.4");
    }

    @Test
    void aWarThatIsNoArchiveIsListedAsBroken() throws IOException {
        Files.writeString(site.deployed("signer-b"), "cut off");

        assertThat(ListCommand.row(site, "signer-b").orElseThrow().broken()).contains("signer-b.war");
    }

    @Test
    void aConfigurationThatCanNotBeReadIsSaidAndTheRestListed() throws IOException {
        Files.writeString(folder.resolve("014").resolve(SmallSite.COMPANY + ".json"), "{\"datasource\": ");

        var row = ListCommand.row(site, SmallSite.COMPANY).orElseThrow();

        assertThat(row.version()).isEqualTo("0.1.4");
        assertThat(row.folder()).isEqualTo("014");
        assertThat(row.schema()).isEqualTo("?");
        assertThat(row.broken()).contains("signer-a.json");
    }

    @Test
    void aJournalOrAnotherFoldersWarThatIsBrokenIsSaidToo() throws IOException {
        Files.writeString(folder.resolve("moves").resolve(SmallSite.COMPANY + ".json"), "{");
        var newer = Files.createDirectories(folder.resolve("013"));
        Files.writeString(newer.resolve("application.properties"), "configuration.fileName=x.json\n");
        Files.writeString(newer.resolve(SmallSite.COMPANY + ".war"), "cut off");

        var row = ListCommand.row(site, SmallSite.COMPANY).orElseThrow();

        assertThat(row.folder()).isEqualTo("014");
        assertThat(row.broken()).contains("journal").contains("013");
    }

    @Test
    void anotherProductsWarIsNotListed() throws IOException {
        try (var zip = new java.util.zip.ZipOutputStream(Files.newOutputStream(site.deployed("shop")))) {
            zip.putNextEntry(new java.util.zip.ZipEntry("index.html"));
        }

        assertThat(ListCommand.row(site, "shop")).isEmpty();
    }
}

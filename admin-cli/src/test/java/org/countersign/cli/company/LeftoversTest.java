package org.countersign.cli.company;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.countersign.cli.terminal.Terminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code verify} names that an interrupted move left. */
class LeftoversTest {

    @TempDir
    Path folder;

    @Test
    void filesOfAMoveAreNamed() throws IOException {
        var small = new SmallSite(folder);
        small.version("014", "0.1.4");
        small.version("015", "0.1.5");
        var nginx = Files.createDirectories(folder.resolve("nginx"));
        var site = withFront(small.site(), nginx);
        assertThat(VerifyCommand.leftFiles(site, SmallSite.COMPANY)).isEmpty();

        Files.createFile(folder.resolve("014/signer-a.draining"));
        Files.createFile(folder.resolve("015/signer-a--015.draining"));
        Files.createFile(folder.resolve("015/signer-b.draining"));
        Files.createFile(nginx.resolve("quiet"));
        Files.createDirectories(folder.resolve("moves/backup/.signer-a-014-20260131-120000.partial"));
        Files.createDirectories(folder.resolve("moves/backup/signer-a-014-20260131-120000"));

        assertThat(VerifyCommand.leftFiles(site, SmallSite.COMPANY))
                .hasSize(4)
                .anyMatch(finding -> finding.contains("014/signer-a.draining"))
                .anyMatch(finding -> finding.contains("015/signer-a--015.draining"))
                .anyMatch(finding -> finding.contains("quiet"))
                .anyMatch(finding -> finding.contains(".partial"));
    }

    @Test
    void versionsWithOneFolderForTheirConfigurationRestTogether() throws IOException {
        var small = new SmallSite(folder);
        var old = small.version("014", "0.1.4");
        var other = small.version("015", "0.1.5");
        var same = small.version("016", "0.1.6");
        Files.writeString(same.properties(), "configuration.fileName=" + folder + "/015/../014/$CONTEXT_NAME.json\n");

        assertThat(old.restsWith(other, SmallSite.COMPANY)).isFalse();
        assertThat(old.restsWith(same, SmallSite.COMPANY)).isTrue();
    }

    private static Site withFront(Site site, Path nginx) {
        return new Site(
                site.folder(),
                site.deploymentFolder(),
                site.deployments(),
                site.address(),
                site.environment(),
                site.state(),
                Optional.of(new NginxFront(
                        nginx.resolve("companies.conf"),
                        List.of("nginx"),
                        nginx.resolve("nginx.pid"),
                        URI.create("http://127.0.0.1:1"),
                        new Terminal(System.out, false))),
                site.waitingRoom(),
                site.patience());
    }
}

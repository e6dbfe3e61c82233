package org.countersign.cli.company;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.countersign.core.entropy.Entropy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CanaryTest {

    @TempDir
    Path folder;

    @Test
    void anotherOneKeepsTheClientsSecretWhichTheCompanyKnows() throws IOException {
        var site = new SmallSite(folder).site();
        var first = Canary.begin(site, "signer-a", Clock.systemUTC(), Entropy.system());
        var second = Canary.begin(site, "signer-a", Clock.systemUTC(), Entropy.system());

        assertThat(second.clientSecret()).isEqualTo(first.clientSecret());
        assertThat(Canary.secretFile(site, "signer-a")).hasContent(first.clientSecret());
        assertThat(second.anchor()).isNotEqualTo(first.anchor());
        assertThat(second.isEnrolled()).isFalse();
        assertThat(Files.getPosixFilePermissions(Canary.secretFile(site, "signer-a")))
                .isEqualTo(DurableFile.OWNER_ONLY);
    }
}

package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.countersign.systemtests.harness.Company;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The walk-through of the documentation, as its reader runs it: curl, openssl and oathtool. */
@ExtendWith(RunningServer.class)
class WalkthroughIT {

    private final Platform platform;

    WalkthroughIT(Platform platform) {
        this.platform = platform;
    }

    @Test
    void theWalkthroughOfTheDocumentationSucceeds() throws IOException, InterruptedException {
        var server = platform.server();
        var script = server.installation().root().resolve("docs/walkthrough.sh");
        var process = new ProcessBuilder(
                        "bash", script.toString(), server.address(Company.ACME).toString())
                .redirectErrorStream(true)
                .start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        assertThat(output.lines().filter(line -> line.endsWith("Signature Verified Successfully")))
                .as(output)
                .hasSize(4 * 3);
    }
}

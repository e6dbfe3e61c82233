package org.countersign.cli.company;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ContextHealthTest {

    @Test
    void onlyWhoIsKnownToBeAwayIsGone() {
        assertThat(new ContextHealth(404, "", "", false, 0, true).isGone("signer-a"))
                .isTrue();
        assertThat(new ContextHealth(503, "", "", false, 0, true).isGone("signer-a"))
                .isTrue();
        assertThat(new ContextHealth(200, "signer-a--015", "0.1.5", true, 0, false).isGone("signer-a"))
                .isTrue();
        assertThat(new ContextHealth(503, "signer-a", "0.1.4", false, 3, false).isGone("signer-a"))
                .isFalse();
        assertThat(new ContextHealth(0, "", "", false, 0, false).isGone("signer-a"))
                .as("a server that does not answer in time may be at work on its requests")
                .isFalse();
        assertThat(new ContextHealth(500, "", "", false, 0, false).isGone("signer-a"))
                .isFalse();
    }
}

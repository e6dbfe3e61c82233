package org.countersign.server.vaults;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.countersign.core.entropy.Entropy;
import org.countersign.server.keys.DataKeyWrap;
import org.countersign.server.keys.DataKeys;
import org.junit.jupiter.api.Test;

class AwsKeyManagementTest {

    private static final String AWAY = "temporarily_unavailable: The key vault is not available; try again later";

    @Test
    void one_that_takes_calls_and_never_answers_is_away_and_is_not_asked_again_at_once() throws Exception {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                var management = new AwsKeyManagement(
                        new KmsSettings("alias/test", Duration.ofMillis(500), Duration.ofMinutes(10)),
                        new AwsSettings(
                                "eu-central-1",
                                Optional.of(URI.create("http://127.0.0.1:" + silent.getLocalPort())),
                                Optional.of(new AwsSettings.AccessKey("id", "secret", Optional.empty()))),
                        "signer-acme")) {
            var clock = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
            var wrap = new DataKeyWrap(new DataKeys(management, Duration.ofMinutes(10), clock, Entropy.system()));

            assertThatThrownBy(() -> wrap.wrap(new UUID(0, 1), new byte[1])).hasMessage(AWAY);
            drain(silent);
            assertThatThrownBy(() -> wrap.wrap(new UUID(0, 1), new byte[1])).hasMessage(AWAY);

            silent.setSoTimeout(1);
            assertThatThrownBy(silent::accept).isInstanceOf(SocketTimeoutException.class);
        }
    }

    /** The connections of the first call, a second try included. */
    private static void drain(ServerSocket silent) throws IOException {
        silent.setSoTimeout(1);
        try {
            while (true) {
                silent.accept().close();
            }
        } catch (SocketTimeoutException none) {
            return;
        }
    }
}

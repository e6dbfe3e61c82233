package org.countersign.signer.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.countersign.core.oauth2.SeatName;
import org.countersign.signer.gateway.Gateway.Delivery;
import org.junit.jupiter.api.Test;

class GatewayTest {

    private static final String NOT_REACHED =
            "temporarily_unavailable: The holder can not be reached now; try again later";

    @Test
    void one_that_takes_calls_and_never_answers_keeps_a_few_threads_only() throws Exception {
        var threads = Executors.newFixedThreadPool(Gateway.MOST_AT_ONCE);
        var taken = new ArrayList<Socket>();
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var gateway = gateway(silent, Duration.ofMinutes(5));
            var asked = new ArrayList<Future<?>>();
            for (int i = 0; i < Gateway.MOST_AT_ONCE; i++) {
                asked.add(threads.submit(() -> ask(gateway)));
            }
            for (int i = 0; i < Gateway.MOST_AT_ONCE; i++) {
                taken.add(silent.accept());
            }

            assertThatThrownBy(() -> ask(gateway)).hasMessage(NOT_REACHED);
            assertThat(tell(gateway)).as("it was not even asked").isEqualTo(Delivery.NOT_TAKEN);

            close(taken);
            for (var one : asked) {
                assertThatThrownBy(one::get).hasRootCauseMessage(NOT_REACHED);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void one_that_never_answers_is_not_waited_for_longer_than_that() throws Exception {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var gateway = gateway(silent, Duration.ofMillis(200));
            assertThatThrownBy(() -> ask(gateway)).hasMessage(NOT_REACHED);
            assertThat(tell(gateway)).isEqualTo(Delivery.UNKNOWN);
            assertThat(silent.isClosed()).isFalse();
        }
    }

    private static Gateway gateway(ServerSocket socket, Duration patience) {
        var template = new Template("x", Set.of());
        return new Gateway(
                new GatewaySettings(
                        URI.create("http://127.0.0.1:" + socket.getLocalPort()),
                        "gateway",
                        "secret",
                        Duration.ofMinutes(5),
                        template,
                        template,
                        template,
                        template),
                patience);
    }

    private static void ask(Gateway gateway) {
        gateway.ask(new UUID(0, 1), new SeatName("jdoe", "acme"), "subject", "text", new byte[32]);
    }

    private static Delivery tell(Gateway gateway) {
        return gateway.tell(new UUID(0, 1), new SeatName("jdoe", "acme"), Map.of());
    }

    private static void close(List<Socket> sockets) throws IOException {
        for (var socket : sockets) {
            socket.close();
        }
    }
}

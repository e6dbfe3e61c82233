package org.countersign.agent.loopback;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.countersign.agent.RunningAgent;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections are counted, and no more than a number taken; those of clients that went away must not stay counted. */
class CutOffRequestsTest {

    private static final int MORE_THAN_ARE_TAKEN = 2_100;

    @TempDir
    Path data;

    /** One that reads the body, and one that refuses before it. */
    @ParameterizedTest
    @ValueSource(strings = {"/consent", "/nothing-is-here"})
    void who_goes_away_within_a_body_takes_no_place_for_good(String path) throws IOException {
        try (var agent = RunningAgent.start(data)) {
            var head = "POST " + path + " HTTP/1.1\r\nHost: localhost:" + agent.httpPort() + "\r\nOrigin: "
                    + RunningAgent.ORIGIN + "\r\nX-CSRF-Token: x\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 20\r\n\r\n{\"cut\":";
            for (int i = 0; i < MORE_THAN_ARE_TAKEN; i++) {
                try (var socket = new Socket("127.0.0.1", agent.httpPort())) {
                    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                }
            }
            assertThat(agent.raw("GET /info HTTP/1.1", "Host: localhost:" + agent.httpPort()))
                    .startsWith("HTTP/1.1 200");
        }
    }
}

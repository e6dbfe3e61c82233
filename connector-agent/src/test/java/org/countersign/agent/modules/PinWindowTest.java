package org.countersign.agent.modules;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.countersign.agent.RunningAgent;
import org.countersign.agent.RunningAgent.Reply;
import org.countersign.agent.Screen;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent's own window for the PIN of a real token, on a real X server. */
class PinWindowTest {

    private static final String TOKEN = "/v3/modules/pkcs11/apps/token/";
    private static final String WINDOW = "Countersign: PIN";

    @TempDir
    static Path folder;

    static Screen screen;
    static RunningAgent agent;

    @BeforeAll
    static void start() throws Exception {
        SoftHsm.prepare(folder);
        screen = Screen.start(folder);
        agent = agent(screen.environment(), "data");
    }

    @AfterAll
    static void stop() {
        if (agent != null) {
            agent.close();
        }
        if (screen != null) {
            screen.close();
        }
    }

    private static RunningAgent agent(Map<String, String> desktop, String data) {
        // No minute passes, however slow the machine.
        return RunningAgent.start(
                desktop,
                Clock.fixed(Instant.now(), ZoneOffset.UTC),
                folder.resolve(data),
                "--pkcs11.libraries=" + SoftHsm.LIBRARY);
    }

    private static Reply post(RunningAgent to, String call, Object pin) {
        var body = Json.createObjectBuilder()
                .add("algorithm", "sha256")
                .add("data", Base64.getEncoder().encodeToString(new byte[32]))
                .add("timeout", 90)
                .add("osDialog", true);
        if (pin != null) {
            body.add("pin", pin.toString());
        }
        return to.post(TOKEN + call, body.build());
    }

    private static Reply typed(String call, String text, String key) throws Exception {
        var answer = CompletableFuture.supplyAsync(() -> post(agent, call, null));
        screen.type(WINDOW, text, key);
        return answer.get(100, TimeUnit.SECONDS);
    }

    @Test
    void the_user_types_the_pin() throws Exception {
        assertThat(typed("verify-pin", SoftHsm.PIN, "Return").status()).isEqualTo(200);
        assertThat(typed("sign", SoftHsm.PIN, "Return").status()).isEqualTo(200);
        var wrong = typed("verify-pin", "000000", "Return");
        assertThat(wrong.code()).isEqualTo(107_401);
        assertThat(wrong.raw().body()).doesNotContain("000000");
    }

    @Test
    void a_closed_window_is_no_pin_whatever_the_page_sent() throws Exception {
        assertThat(typed("sign", SoftHsm.PIN, "Escape").code()).isEqualTo(107_405);
        assertThat(typed("sign", "", "Return").code()).isEqualTo(107_405);
        assertThat(typed("verify-pin", SoftHsm.PIN, "Return").status()).isEqualTo(200);
        var answer = CompletableFuture.supplyAsync(() -> post(agent, "sign", SoftHsm.PIN));
        screen.press(WINDOW, "Escape");
        assertThat(answer.get(100, TimeUnit.SECONDS).code()).isEqualTo(107_405);
    }

    @Test
    void windows_that_nobody_wants_are_few() throws Exception {
        try (var other = agent(screen.environment(), "few")) {
            for (int i = 0; i < 3; i++) {
                var answer = CompletableFuture.supplyAsync(() -> post(other, "sign", null));
                screen.press(WINDOW, "Escape");
                assertThat(answer.get(100, TimeUnit.SECONDS).code()).isEqualTo(107_405);
            }
            assertThat(post(other, "sign", null).code()).isEqualTo(101_429);
        }
    }

    @Test
    void the_window_says_that_the_pin_is_kept_for_a_series() throws Exception {
        assertThat(height("sign?bulk=true")).isGreaterThan(height("sign"));
    }

    private static int height(String call) throws Exception {
        try (var other = agent(screen.environment(), "height-" + call.length())) {
            var answer = CompletableFuture.supplyAsync(() -> post(other, call, null));
            var size = screen.size(screen.window(WINDOW));
            screen.press(WINDOW, "Escape");
            answer.get(100, TimeUnit.SECONDS);
            return Integer.parseInt(size.replaceAll(".*HEIGHT=(\\d+).*", "$1"));
        }
    }

    @Test
    void without_a_desktop_the_page_is_told() {
        try (var other = agent(Map.of(), "other")) {
            assertThat(post(other, "sign", null).code()).isEqualTo(101_501);
        }
    }
}

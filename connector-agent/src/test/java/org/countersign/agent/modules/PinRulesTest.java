package org.countersign.agent.modules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.countersign.agent.RunningAgent;
import org.countersign.agent.RunningAgent.Reply;
import org.countersign.agent.Tools;
import org.countersign.agent.loopback.Deadline;
import org.countersign.agent.sandbox.Sandbox;
import org.countersign.core.error.AgentError;
import org.countersign.core.error.ProtocolException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of PINs, with a PKCS#11 library of the test's own that does what tokens do at the worst moment. */
class PinRulesTest {

    private static final String CANARY = "739155208";
    private static final JsonObject BODY =
            Json.createObjectBuilder().add("pin", CANARY).build();

    private static final Deadline SOON = Deadline.in(Duration.ofMinutes(10));

    @TempDir
    static Path folder;

    static RunningAgent agent;
    static final StringBuffer LOG = new StringBuffer();
    static final Handler LISTENER = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            LOG.append(entry.getMessage());
            for (var cause = entry.getThrown(); cause != null; cause = cause.getCause()) {
                LOG.append(cause);
            }
            if (entry.getParameters() != null) {
                LOG.append(java.util.Arrays.toString(entry.getParameters()));
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeAll
    static void start() throws Exception {
        Tools.require("gcc");
        try (var source = PinRulesTest.class.getResourceAsStream("token.c")) {
            Files.write(folder.resolve("token.c"), source.readAllBytes());
        }
        var modules = new StringBuilder("--module.libraries=");
        for (var mode : "w p n f l c h b e".split(" ")) {
            Tools.run(
                    folder,
                    "gcc",
                    "-shared",
                    "-fPIC",
                    "-DMODE='" + mode + "'",
                    "-DLOGINS=\"" + folder.resolve(mode) + "\"",
                    "-o",
                    mode + ".so",
                    "token.c");
            modules.append("mode-")
                    .append(mode)
                    .append('=')
                    .append(folder.resolve(mode + ".so"))
                    .append(',');
        }
        Logger.getLogger("").addHandler(LISTENER);
        agent = RunningAgent.start(
                folder.resolve("data"), "--pin.clear=true", "--library.seconds=60", modules.toString());
    }

    @AfterAll
    static void stop() {
        Logger.getLogger("").removeHandler(LISTENER);
        if (agent != null) {
            agent.close();
        }
    }

    private static Reply verify(String mode, JsonObject body) {
        return agent.post("/v3/modules/mode-" + mode + "/apps/token/verify-pin", body);
    }

    private static String logins(String mode) throws Exception {
        var file = folder.resolve(mode);
        var logins = Files.exists(file) ? Files.readString(file) : "";
        Files.deleteIfExists(file);
        return logins;
    }

    @ParameterizedTest
    @CsvSource({
        "w, 107401, " + CANARY,
        "f, 107402, ''",
        "l, 107403, ''",
        "c, 106503, " + CANARY,
        "b, 105503, " + CANARY,
        "n, 107405, ."
    })
    void a_pin_is_given_once_at_most_and_told_to_nobody(String mode, int code, String given) throws Exception {
        var reply = verify(mode, BODY);
        assertThat(reply.code()).isEqualTo(code);
        assertThat(reply.raw().body()).doesNotContain(CANARY);
        assertThat(logins(mode)).isEqualTo(given);
        assertThat(LOG.toString()).doesNotContain(CANARY);
    }

    /** Otherwise answers would tell what else is encrypted for the device key, byte by byte (Bleichenbacher, 1998). */
    @ParameterizedTest
    @CsvSource({"mode-w, 107401", "mode-f, 107402", "mode-l, 107403", "mode-p, 0", "mode-e, 105409"})
    void whether_a_pin_decrypts_is_not_told(String module, int code) throws Exception {
        var mode = module.substring(module.length() - 1);
        var noise = Base64.getEncoder().encodeToString(new byte[256]);
        var bytes = agent.encrypted(new byte[] {1, 2, -1});
        var long65 = agent.encrypted(new byte[65]);
        var wrong = agent.encrypted("000000".getBytes(StandardCharsets.UTF_8));
        for (var call : new String[] {"verify-pin", "reset-pin"}) {
            var replies = new HashSet<String>();
            for (var pin : new String[] {noise, bytes, long65}) {
                replies.add(whole(module, call, pin));
                // Nobody typed that, and no try is lost for it.
                assertThat(logins(mode)).doesNotMatch("[^.]+");
            }
            replies.add(whole(module, call, wrong));
            logins(mode);
            assertThat(replies).hasSize(1);
            if ("verify-pin".equals(call)) {
                assertThat(replies.iterator().next()).contains(code == 0 ? "verified" : Integer.toString(code));
            }
        }
    }

    private static String whole(String module, String call, String pin) {
        var body = Json.createObjectBuilder().add("pin", pin).add("puk", pin);
        var reply = agent.post("/v3/modules/" + module + "/apps/token/" + call, body.build());
        return reply.status() + reply.raw().body().replaceAll("\"signature\":\"[^\"]*\"", "");
    }

    @Test
    void a_pin_pad_comes_before_the_pin_that_was_sent() throws Exception {
        for (var body : new JsonObject[] {BODY, JsonObject.EMPTY_JSON_OBJECT}) {
            assertThat(verify("p", body).body().getJsonObject("data").getBoolean("verified"))
                    .isTrue();
            assertThat(logins("p")).isEqualTo(".");
        }
    }

    @Test
    void no_window_comes_before_a_pin_pad() throws Exception {
        // This agent has no desktop.
        var body = Json.createObjectBuilder().add("osDialog", true).build();
        assertThat(verify("p", body).status()).isEqualTo(200);
        assertThat(logins("p")).isEqualTo(".");
        assertThat(verify("w", body).code()).isEqualTo(101_501);
    }

    @Test
    void a_pin_is_shown_to_the_card_that_is_meant_only() throws Exception {
        try (var sandbox =
                new Sandbox(folder.resolve("w.so").toString(), folder.resolve("data"), Duration.ofSeconds(60))) {
            var card = sandbox.call(
                            Json.createObjectBuilder().add("operation", "card").build(), SOON)
                    .getString("card");
            assertThat(card).endsWith("0001");
            var request = Json.createObjectBuilder(BODY)
                    .add("operation", "verify-pin")
                    .add("lastTry", true)
                    .add("card", card.replace("0001", "0002"))
                    .build();
            for (var reader : new String[] {null, "Test"}) {
                var here = Json.createObjectBuilder(request);
                if (reader != null) {
                    here.add("reader", reader);
                }
                assertThatExceptionOfType(ProtocolException.class)
                        .isThrownBy(() -> sandbox.call(here.build(), SOON))
                        .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(AgentError.NO_CARD));
            }
            assertThat(logins("w")).isEmpty();
            var right = Json.createObjectBuilder(request).add("card", card).build();
            assertThatExceptionOfType(ProtocolException.class)
                    .isThrownBy(() -> sandbox.call(right, SOON))
                    .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(AgentError.PIN_INCORRECT));
            assertThat(logins("w")).isEqualTo(CANARY);
        }
    }

    @Test
    void no_library_is_waited_for_after_the_answer_would_be_dropped() throws Exception {
        try (var sandbox =
                new Sandbox(folder.resolve("h.so").toString(), folder.resolve("data"), Duration.ofSeconds(300))) {
            var request = Json.createObjectBuilder(BODY)
                    .add("operation", "verify-pin")
                    .build();
            for (var left : List.of(Duration.ofSeconds(3), Duration.ZERO)) {
                var deadline = Deadline.in(left).withEach(Duration.ofSeconds(600));
                long start = System.nanoTime();
                assertThatExceptionOfType(ProtocolException.class)
                        .isThrownBy(() -> sandbox.call(request, deadline))
                        .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(AgentError.LIBRARY_TIMEOUT));
                assertThat(System.nanoTime() - start)
                        .isLessThan(Duration.ofSeconds(100).toNanos());
                if (left.isZero()) {
                    assertThat(logins("h")).isEmpty();
                }
                logins("h");
            }
        }
    }

    @Test
    void a_request_may_want_an_answer_sooner_than_the_settings_say() throws Exception {
        var hurried = Json.createObjectBuilder(BODY).add("timeout", 10).build();
        long start = System.nanoTime();
        assertThat(verify("h", hurried).code()).isEqualTo(106_504);
        assertThat(System.nanoTime() - start).isLessThan(Duration.ofSeconds(30).toNanos());
        assertThat(logins("h")).isEqualTo(CANARY);
        assertThat(verify(
                                "w",
                                Json.createObjectBuilder(BODY)
                                        .add("timeout", "soon")
                                        .build())
                        .code())
                .isEqualTo(101_400);
        assertThat(logins("w")).isEmpty();
        assertThat(LOG.toString()).contains("hung").doesNotContain(CANARY);
    }

    @Test
    void further_modules_are_told_with_the_others() {
        assertThat(agent.get("/info")
                        .body()
                        .getJsonObject("t1CInfoAPI")
                        .getJsonArray("modules")
                        .toString())
                .contains("\"mode-w\"", "\"beid\"");
    }
}

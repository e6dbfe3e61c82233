package org.countersign.agent.consent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.countersign.agent.RunningAgent.ORIGIN;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.countersign.agent.RunningAgent;
import org.countersign.agent.RunningAgent.Reply;
import org.countersign.agent.Screen;
import org.countersign.agent.Tools;
import org.countersign.core.entropy.Entropy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over HTTP, with a real clipboard and real windows on a real X server. */
class ConsentTest {

    private static final String OTHER = "https://other.example.com";
    private static final String HEADER = "X-Authentication-Token";
    private static final String BROWSER = browser("ckz3x9a1b0000qmpe8f3k2d7r");
    private static final String WINDOW = "Countersign: .*";
    private static final Entropy ENTROPY = new Entropy(new SecureRandom());

    @TempDir
    static Path home;

    static Screen screen;

    @TempDir
    Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-01T12:00:00Z"));
    private final Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
    private RunningAgent agent;

    @BeforeAll
    static void startScreen() {
        Tools.require("xclip", "zenity");
        screen = Screen.start(home);
    }

    @AfterAll
    static void stopScreen() {
        if (screen != null) {
            screen.close();
        }
    }

    @BeforeEach
    void start() {
        agent = agent("data");
    }

    @AfterEach
    void stop() {
        agent.close();
    }

    private RunningAgent agent(String data, String... more) {
        return agent(screen.environment(), data, more);
    }

    private RunningAgent agent(Map<String, String> desktop, String data, String... more) {
        var arguments = new ArrayList<>(List.of(
                "--consent.required=true", "--dialogs=zenity", "--origins=" + ORIGIN + "," + OTHER, "--threads=1"));
        arguments.addAll(List.of(more));
        var started = RunningAgent.start(desktop, clock, folder.resolve(data), arguments.toArray(String[]::new));
        // Its key is made in the background: the folder can not be removed before.
        started.get("/device-key");
        return started;
    }

    private static String browser(String cuid) {
        return cuid + String.format("%02d", Long.parseLong(cuid.substring(1, 9), 36) % 97);
    }

    private static String codeWord() {
        return "::word::" + ENTROPY.token();
    }

    private static JsonObjectBuilder implicit(String codeWord) {
        return Json.createObjectBuilder().add("codeWord", codeWord);
    }

    private static JsonObjectBuilder explicit(String codeWord) {
        return implicit(codeWord).add("title", "Sign your contract").add("timeout", 90);
    }

    private Reply ask(JsonObjectBuilder body, String... headers) {
        return agent.post("/v3/consent", body.build(), headers);
    }

    private static String state(Reply reply) {
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(200);
        return reply.body().getJsonObject("data").getString("consentState");
    }

    /** By the clipboard; what the answer has. */
    private JsonObject given(String... headers) {
        return given(1, headers);
    }

    private JsonObject given(int days, String... headers) {
        var word = codeWord();
        screen.copy(word);
        var reply = ask(implicit(word).add("durationInDays", days), headers);
        assertThat(state(reply)).isEqualTo("APPROVED");
        return reply.body().getJsonObject("data");
    }

    private void assertOpen(String... headers) {
        assertThat(agent.get("/v3/readers", headers).status()).isEqualTo(200);
        assertThat(agent.get("/v3/modules/none/apps/token/info", headers).code())
                .isEqualTo(106_404);
    }

    private void assertClosed(String... headers) {
        for (var path : List.of("/v3/readers", "/v3/readers/0123456789abcdef", "/v3/modules/none/apps/token/info")) {
            var reply = agent.get(path, headers);
            assertThat(reply.status()).as(path).isEqualTo(401);
            assertThat(reply.code()).as(path).isEqualTo(814_501);
        }
        assertThat(agent.post("/v3/modules/none/apps/token/sign", JsonObject.EMPTY_JSON_OBJECT, headers)
                        .code())
                .isEqualTo(814_501);
    }

    private static JsonObject parsed(String token) {
        var text = new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8);
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    private Reply validate(String... tokens) {
        var array = Json.createArrayBuilder();
        List.of(tokens).forEach(array::add);
        return agent.post(
                "/v3/validate",
                Json.createObjectBuilder().add("consents", array).build());
    }

    @Test
    void without_consent_readers_and_modules_are_closed() {
        assertClosed();
        assertClosed(HEADER, BROWSER);
        assertThat(agent.get("/info").status()).isEqualTo(200);
        assertThat(agent.get("/atrs").status()).isEqualTo(200);
        assertThat(agent.raw("GET /v3/readers HTTP/1.1", "Host: localhost:" + agent.httpPort()))
                .startsWith("HTTP/1.1 401")
                .contains("814501");
        var agents = agent.get("/v3/agents").body().getJsonArray("data");
        assertThat(agents).hasSize(1);
        assertThat(agents.getJsonObject(0).getString("apiPort")).isEqualTo(Integer.toString(agent.httpPort()));
    }

    @Test
    void a_code_word_on_the_clipboard_is_consent() {
        var data = given();
        assertOpen();
        var token = parsed(data.getString("consent"));
        assertThat(token.getString("signedHash")).isNotEmpty();
        assertThat(token.getJsonObject("agent").getString("apiPort")).isEqualTo(Integer.toString(agent.httpPort()));
        assertThat(token.getJsonObject("agent").getString("username")).isEqualTo(System.getProperty("user.name"));
        assertThat(token.getJsonObject("agent").getString("validityInDays")).isEqualTo("1");
        assertThat(data.getJsonArray("consents").getValuesAs(JsonString::getString))
                .containsExactly(data.getString("consent"));
    }

    @Test
    void consent_is_for_user_browser_and_origin() {
        given(HEADER, BROWSER);
        assertOpen(HEADER, BROWSER);
        assertClosed();
        assertClosed(HEADER, browser("ckz3x9a1b0000qmpe8f3k2d7s"));
        assertClosed(HEADER, BROWSER, "Origin", OTHER);
        given();
        assertOpen();
        assertClosed("Origin", OTHER);
        assertThat(agent.raw(
                        "GET /v3/readers HTTP/1.1",
                        "Host: localhost:" + agent.httpPort(),
                        "Referer: " + ORIGIN + "/page?x=1"))
                .startsWith("HTTP/1.1 200");
        assertThat(agent.raw(
                        "GET /v3/readers HTTP/1.1",
                        "Host: localhost:" + agent.httpPort(),
                        "Referer: " + OTHER + "/page"))
                .startsWith("HTTP/1.1 401");
    }

    @Test
    void a_browser_token_that_was_changed_is_refused() {
        given(HEADER, BROWSER);
        for (var token : List.of(
                "ckz3x9a1b0000qmpe8f3k2d7r00",
                "ckz3x9a1b0000qmpe8f3k2d7r",
                "xkz3x9a1b0000qmpe8f3k2d7r35",
                "ckz3x9a1b",
                "CKZ3X9A1B0000QMPE8F3K2D7R35",
                "ckz3x9a1b-000qmpe8f3k2d7r35")) {
            assertThat(agent.get("/atrs", HEADER, token).code()).isEqualTo(814_501);
            assertClosed(HEADER, token);
            assertThat(ask(implicit(codeWord()), HEADER, token).code()).isEqualTo(814_501);
            var changed = BROWSER.replace("ckz3", "ckz4");
            assertThat(agent.get("/atrs", HEADER, changed).code()).isEqualTo(814_501);
            assertThat(agent.get("/atrs", HEADER, BROWSER).status()).isEqualTo(200);
        }
    }

    @Test
    void the_whole_clipboard_has_to_be_the_code_word() {
        var word = codeWord();
        for (var text : List.of(word + "\n", " " + word, "x" + word, word.substring(1), word.toUpperCase(), "")) {
            screen.copy(text);
            assertThat(state(ask(implicit(word)))).as(text).isEqualTo("REQUIRED");
        }
        assertClosed();
    }

    @Test
    void a_code_word_counts_once() {
        var word = codeWord();
        screen.copy(word);
        assertThat(state(ask(implicit(word)))).isEqualTo("APPROVED");
        assertThat(state(ask(implicit(word), HEADER, BROWSER))).isEqualTo("REQUIRED");
        agent.close();
        agent = agent("data");
        assertThat(state(ask(implicit(word), HEADER, BROWSER))).isEqualTo("REQUIRED");
        assertClosed(HEADER, BROWSER);
    }

    @Test
    void a_code_word_that_can_be_guessed_is_refused_whatever_the_clipboard_has() {
        for (var word : List.of(
                "secret",
                "correcthorsebatterystapl",
                "3b8f0a6c91d24e57b8f0a6c91d24e5",
                "550e8400-e29b-41d4-a716-44665544000",
                "12345678901234567890123456789012345678",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                "a word that has spaces, and is otherwise long enough 0123456789",
                "ABCDEFGHIJKLMNOPQRSTU")) {
            screen.copy(word);
            assertThat(ask(implicit(word)).code()).as(word).isEqualTo(101_400);
            assertClosed();
        }
    }

    @Test
    void asking_in_vain_is_throttled() {
        screen.copy("something else");
        for (int i = 0; i < 10; i++) {
            assertThat(state(ask(implicit(codeWord())))).isEqualTo("REQUIRED");
        }
        var word = codeWord();
        screen.copy(word);
        assertThat(ask(implicit(word)).code()).isEqualTo(101_429);
        assertThat(ask(implicit(word)).status()).isEqualTo(429);
        now.updateAndGet(time -> time.plusSeconds(61));
        assertThat(state(ask(implicit(word)))).isEqualTo("APPROVED");
        assertThat(state(ask(implicit(word), "Origin", OTHER))).isEqualTo("REQUIRED");
    }

    @Test
    void consent_ends() {
        var token = given(3).getString("consent");
        now.updateAndGet(time -> time.plus(Duration.ofDays(3)).minusSeconds(1));
        assertOpen();
        assertThat(state(validate(token))).isEqualTo("APPROVED");
        now.updateAndGet(time -> time.plusSeconds(1));
        assertClosed();
        var reply = validate(token);
        assertThat(state(reply)).isEqualTo("OUTDATED");
        assertThat(reply.body().getJsonObject("data").getJsonArray("consents")).isEmpty();
    }

    @Test
    void consent_lasts_no_longer_than_is_set() {
        agent.close();
        agent = agent("short", "--consent.days=2");
        assertThat(parsed(given(365).getString("consent"))
                        .getJsonObject("agent")
                        .getString("validityInDays"))
                .isEqualTo("2");
        now.updateAndGet(time -> time.plus(Duration.ofDays(2)));
        assertClosed();
    }

    @Test
    void consent_outlives_a_restart_in_a_private_file() throws Exception {
        var token = given(HEADER, BROWSER).getString("consent");
        agent.close();
        agent = agent("data");
        assertOpen(HEADER, BROWSER);
        assertClosed();
        for (var file : List.of("consents.json", "consent.key")) {
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(folder.resolve("data").resolve(file))))
                    .isEqualTo("rw-------");
        }
        assertThat(folder.resolve("data/consents.json")).content().doesNotContain(BROWSER);
        agent.close();
        Files.writeString(folder.resolve("data/consents.json"), "{\"consents\":[{\"id\":1}],\"codeWords\":[2,[]]}");
        agent = agent("data");
        assertClosed(HEADER, BROWSER);
        assertThat(state(validate(token))).isEqualTo("REQUIRED");
        agent.close();
        Files.writeString(folder.resolve("data/consents.json"), "damaged");
        agent = agent("data");
        assertClosed(HEADER, BROWSER);
    }

    @Test
    void only_what_this_agent_wrote_for_this_page_is_valid() {
        var token = given().getString("consent");
        var reply = validate(token, token, "not base64", Base64.getEncoder().encodeToString("{}".getBytes()));
        assertThat(state(reply)).isEqualTo("APPROVED");
        assertThat(reply.body().getJsonObject("data").getJsonArray("consents")).hasSize(1);
        var whole = parsed(token);
        var longer = Json.createObjectBuilder(whole.getJsonObject("agent"))
                .add("validityInDays", "999")
                .build();
        var forged = Json.createObjectBuilder(whole).add("agent", longer).build();
        assertThat(state(validate(
                        Base64.getEncoder().encodeToString(forged.toString().getBytes()))))
                .isEqualTo("REQUIRED");
        assertThat(state(agent.post(
                        "/v3/validate",
                        Json.createObjectBuilder()
                                .add("consents", Json.createArrayBuilder().add(token))
                                .build(),
                        HEADER,
                        BROWSER)))
                .isEqualTo("REQUIRED");
        assertThat(state(agent.post(
                        "/v3/validate",
                        Json.createObjectBuilder()
                                .add("consents", Json.createArrayBuilder().add(token))
                                .build(),
                        "Origin",
                        OTHER)))
                .isEqualTo("REQUIRED");
        agent.close();
        agent = agent("another");
        assertThat(state(validate(token))).isEqualTo("REQUIRED");
        assertThat(state(validate())).isEqualTo("REQUIRED");
        assertThat(agent.post("/v3/validate", JsonObject.EMPTY_JSON_OBJECT).code())
                .isEqualTo(101_400);
        assertThat(validate(Collections.nCopies(51, token).toArray(String[]::new))
                        .code())
                .isEqualTo(101_400);
    }

    @Test
    void consent_for_files_is_none_for_readers() {
        var word = codeWord();
        screen.copy(word);
        assertThat(state(ask(implicit(word).add("type", "file_exchange")))).isEqualTo("APPROVED");
        assertClosed();
        assertThat(ask(implicit(codeWord()).add("type", "everything")).code()).isEqualTo(101_400);
    }

    @Test
    void a_program_gets_no_consent() {
        assertThat(agent.raw(
                        "POST /v3/consent HTTP/1.1",
                        "Host: localhost:" + agent.httpPort(),
                        "X-CSRF-Token: test",
                        "Content-Type: application/json",
                        "Content-Length: 2",
                        "",
                        "{}"))
                .startsWith("HTTP/1.1 403")
                .contains("104026");
    }

    @Test
    void a_wrong_member_opens_no_window() {
        for (var body : List.of(
                "{\"codeWord\":\"blue fox\",\"title\":\" \"}",
                "{\"codeWord\":\"bl\\u0000ue\",\"title\":\"t\"}",
                "{\"codeWord\":\"blüe\",\"title\":\"t\"}",
                "{\"title\":\"t\"}",
                "{\"codeWord\":\"blue\",\"title\":7}",
                "{\"codeWord\":\"blue\",\"title\":\"t\",\"durationInDays\":0}",
                "{\"codeWord\":\"blue\",\"title\":\"t\",\"durationInDays\":1.5}",
                "{\"codeWord\":\"blue\",\"title\":\"t\",\"durationInDays\":\"1\"}",
                "{\"codeWord\":\"blue\",\"title\":\"t\",\"durationInDays\":1e999999999}",
                "{\"codeWord\":\"blue\",\"title\":\"t\",\"timeout\":101}",
                "{\"codeWord\":\"blue\",\"title\":\"t\",\"alertLevel\":\"loud\"}",
                "{\"codeWord\":\"blue\",\"title\":\"t\",\"alertPosition\":\"everywhere\"}",
                "{\"codeWord\":\"blue\",\"title\":\"t\",\"consents\":\"all\"}",
                "{\"codeWord\":\"blue\",\"title\":\"t\",\"consents\":[1]}")) {
            try (var reader = Json.createReader(new StringReader(body))) {
                assertThat(agent.post("/v3/consent", reader.readObject()).code())
                        .as(body)
                        .isEqualTo(101_400);
            }
        }
    }

    @Test
    void the_user_is_asked_in_a_window_and_others_do_not_wait() throws Exception {
        var body = explicit("blue fox 7").add("origin", "https://bank.example");
        var answer = CompletableFuture.supplyAsync(() -> ask(body, HEADER, BROWSER));
        screen.window("Countersign: Sign your contract");
        var shown = shown();
        assertThat(shown)
                .contains("The page " + ORIGIN + " asks to use your card readers")
                .contains("blue fox 7")
                .doesNotContain("bank.example");
        assertThat(agent.get("/info").status()).isEqualTo(200);
        assertClosed(HEADER, BROWSER);
        assertThat(ask(explicit("another")).code()).isEqualTo(105_503);
        screen.press(WINDOW, "Tab", "space");
        assertThat(state(answer.get(100, TimeUnit.SECONDS))).isEqualTo("APPROVED");
        assertOpen(HEADER, BROWSER);
        assertClosed();
    }

    @Test
    void a_user_who_says_no_is_left_in_peace() throws Exception {
        for (int i = 0; i < 3; i++) {
            var answer = CompletableFuture.supplyAsync(() -> ask(explicit("blue fox 7")));
            screen.press(WINDOW, "Escape");
            assertThat(state(answer.get(100, TimeUnit.SECONDS))).isEqualTo("REQUIRED");
        }
        assertThat(ask(explicit("blue fox 7")).code()).isEqualTo(101_429);
        assertThat(screen.hasWindow(WINDOW)).isFalse();
        assertClosed();
    }

    @Test
    void a_window_that_nobody_answers_gives_no_consent() {
        assertThat(state(ask(explicit("blue fox 7").add("timeout", 2)))).isEqualTo("REQUIRED");
        assertClosed();
    }

    @Test
    void few_windows_are_open_at_once() throws Exception {
        agent.close();
        var origins = List.of(ORIGIN, OTHER, "https://c.example.com", "https://d.example.com", "https://e.example.com");
        agent = agent("many", "--origins=" + String.join(",", origins));
        var answers = new ArrayList<CompletableFuture<Reply>>();
        for (int i = 0; i < 4; i++) {
            var origin = origins.get(i);
            var title = "Window " + i;
            answers.add(CompletableFuture.supplyAsync(
                    () -> ask(explicit("blue").add("title", title).add("timeout", 20), "Origin", origin)));
            screen.window("Countersign: " + title);
        }
        assertThat(ask(explicit("blue"), "Origin", origins.get(4)).code()).isEqualTo(105_503);
        assertThat(agent.get("/info").status()).isEqualTo(200);
        for (var answer : answers) {
            assertThat(state(answer.get(100, TimeUnit.SECONDS))).isEqualTo("REQUIRED");
        }
    }

    @Test
    void windows_speak_the_users_language() throws Exception {
        assertThat(textFor("es-ES,es;q=0.9,en;q=0.5")).contains(ORIGIN + " pide usar sus lectores");
        assertThat(textFor("en-US")).contains("The page " + ORIGIN);
        assertThat(textFor("*;q=x,,")).contains(ORIGIN);
        agent.close();
        agent = agent("spanish", "--language=es");
        assertThat(textFor("en-US")).contains(ORIGIN + " pide usar sus lectores");
    }

    private String textFor(String languages) throws Exception {
        var answer = CompletableFuture.supplyAsync(() -> ask(explicit("blue"), "Accept-Language", languages));
        screen.window(WINDOW);
        var shown = shown();
        screen.press(WINDOW, "Escape");
        assertThat(state(answer.get(100, TimeUnit.SECONDS))).isEqualTo("REQUIRED");
        now.updateAndGet(time -> time.plusSeconds(61));
        return shown;
    }

    /** What this process's window was given to show. */
    private static String shown() {
        return ProcessHandle.current()
                .descendants()
                .map(process -> String.join(" ", process.info().arguments().orElse(new String[0])))
                .filter(arguments -> arguments.contains("--title="))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void without_a_desktop_the_page_is_told() {
        agent.close();
        agent = agent(Map.of("PATH", System.getenv("PATH")), "remote");
        assertThat(ask(explicit("blue fox 7")).code()).isEqualTo(101_501);
        assertThat(ask(implicit(codeWord())).code()).isEqualTo(101_501);
        assertThat(ask(implicit(codeWord())).status()).isEqualTo(501);
        assertClosed();
    }

    @Test
    void an_installation_can_do_without() {
        agent.close();
        agent = agent("open", "--consent.required=false");
        assertOpen();
        assertThat(agent.raw("GET /v3/readers HTTP/1.1", "Host: localhost:" + agent.httpPort()))
                .startsWith("HTTP/1.1 200");
    }

    /** The library hangs: the second call finds it in use, and hears that, not that consent is missing. */
    @Test
    void a_card_in_use_is_not_a_missing_consent() throws Exception {
        Tools.require("gcc");
        Files.writeString(
                folder.resolve("hang.c"),
                "#include <unistd.h>\nunsigned long C_GetFunctionList(void **list) { for (;;) pause(); }\n");
        Tools.run(folder, "gcc", "-shared", "-fPIC", "-o", "hang.so", "hang.c");
        agent.close();
        agent = agent("busy", "--threads=8", "--library.seconds=4", "--piv.library=" + folder.resolve("hang.so"));
        given();
        var calls = new ArrayList<CompletableFuture<Reply>>();
        for (int i = 0; i < 4; i++) {
            calls.add(CompletableFuture.supplyAsync(() -> agent.get("/v3/modules/piv/apps/token/info")));
        }
        var codes = new HashMap<Integer, Integer>();
        for (var call : calls) {
            codes.merge(call.get(100, TimeUnit.SECONDS).code(), 1, Integer::sum);
        }
        assertThat(codes.keySet()).contains(105_503).isSubsetOf(105_503, 106_504);
    }

    @Test
    void consents_of_before_come_back() {
        var first = given().getString("consent");
        var word = codeWord();
        screen.copy(word);
        var reply = ask(implicit(word)
                .add("type", "file_exchange")
                .add("consents", Json.createArrayBuilder().add(first)));
        JsonArray consents = reply.body().getJsonObject("data").getJsonArray("consents");
        assertThat(consents).hasSize(2);
        assertThat(parsed(consents.getString(1)).getJsonObject("agent").getString("consentId"))
                .isEqualTo(parsed(first).getJsonObject("agent").getString("consentId"));
    }
}

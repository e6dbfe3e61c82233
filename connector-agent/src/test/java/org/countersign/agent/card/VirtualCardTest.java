package org.countersign.agent.card;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.countersign.agent.RunningAgent;
import org.countersign.agent.Screen;
import org.countersign.agent.Tools;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** A real reader service, a virtual PIV card in it, OpenSC between that and the agent. */
@TestMethodOrder(OrderAnnotation.class)
class VirtualCardTest {

    private static final String PIN = "739201";

    @TempDir
    static Path folder;

    static final ReaderService SERVICE = new ReaderService();
    static RunningAgent agent;
    static PivCard card;
    static VirtualReader inserted;

    @BeforeAll
    static void start() throws Exception {
        ReaderService.require();
        card = IssuedCard.issue(folder, PIN);
        agent = RunningAgent.start(folder.resolve("data"), "--pin.clear=true");
    }

    @AfterAll
    static void stop() {
        if (inserted != null) {
            inserted.close();
        }
        if (agent != null) {
            agent.close();
        }
        SERVICE.close();
    }

    private static List<JsonObject> readers(String query) {
        return agent.get("/v3/readers" + query).body().getJsonArray("data").stream()
                .map(JsonValue::asJsonObject)
                .toList();
    }

    /** What the list has once it is as expected; the agent hears of changes from the reader service. */
    private static List<JsonObject> eventually(Predicate<List<JsonObject>> expected) {
        var end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (true) {
            var readers = readers("");
            if (expected.test(readers)) {
                return readers;
            }
            assertThat(System.nanoTime()).as("the list is still %s", readers).isLessThan(end);
            java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
        }
    }

    private static boolean hasCard(List<JsonObject> readers) {
        return readers.stream().anyMatch(reader -> reader.containsKey("card"));
    }

    @Test
    @Order(1)
    void without_a_reader_service_there_are_no_readers() {
        assertThat(readers("")).isEmpty();
        assertThat(agent.get("/info").body().getJsonObject("t1CInfoAPI").getString("status"))
                .isEqualTo("NO_READER_SERVICE");
    }

    @Test
    @Order(2)
    void readers_appear_with_the_service_and_cards_when_they_are_inserted() {
        SERVICE.start();
        var empty = eventually(readers -> readers.size() == 2);
        assertThat(hasCard(empty)).isFalse();
        assertThat(empty.get(0).getString("id")).matches("[0-9a-f]{16}");
        assertThat(empty.get(0).getBoolean("pinpad")).isFalse();
        inserted = VirtualReader.insert(card);
        var full = eventually(VirtualCardTest::hasCard);
        assertThat(readers("?cardInserted=true")).hasSize(1);
        assertThat(readers("?cardInserted=false")).hasSize(1);
        assertThat(readers("?excluded=virtual")).isEmpty();
        var reader = readers("?cardInserted=true").get(0);
        assertThat(reader.getJsonObject("card").getString("atr")).isEqualTo(card.atr());
        assertThat(reader.getJsonObject("card").getJsonArray("module").toString())
                .isEqualTo("[\"piv\"]");
        assertThat(agent.get("/v3/readers/" + reader.getString("id")).body().getJsonObject("data"))
                .isEqualTo(reader);
        assertThat(full.stream().map(found -> found.getString("id")))
                .containsExactlyElementsOf(
                        empty.stream().map(found -> found.getString("id")).toList());
    }

    private static String token() {
        return "/v3/modules/piv/apps/token/readers/"
                + readers("?cardInserted=true").get(0).getString("id") + "/";
    }

    @Test
    @Order(3)
    void the_card_signs_by_rsa_and_ecdsa() throws Exception {
        assertThat(agent.get(token() + "cert-list").body().getJsonObject("data").keySet())
                .containsExactlyInAnyOrder("authenticationCertificate", "nonRepudiationCertificate");
        verify("ec", sign("authenticate", "sha256"));
        verify("rsa", sign("sign", "sha256"), "-pkeyopt", "digest:sha256");
        verify(
                "rsa",
                sign("sign", "sha256_pss"),
                "-pkeyopt",
                "digest:sha256",
                "-pkeyopt",
                "rsa_padding_mode:pss",
                "-pkeyopt",
                "rsa_pss_saltlen:32");
    }

    @Test
    @Order(4)
    void a_card_is_taken_out_and_put_in_again() throws Exception {
        var token = token();
        inserted.close();
        eventually(readers -> !hasCard(readers));
        assertThat(agent.get(token + "info").code()).isEqualTo(105_409);
        inserted = VirtualReader.insert(card);
        eventually(VirtualCardTest::hasCard);
        verify("ec", sign("authenticate", "sha256"));
    }

    @Test
    @Order(5)
    void the_reader_service_is_killed_and_started_again() throws Exception {
        SERVICE.kill();
        eventually(List::isEmpty);
        assertThat(agent.get("/info").status()).isEqualTo(200);
        inserted.close();
        SERVICE.start();
        eventually(readers -> readers.size() == 2);
        inserted = VirtualReader.insert(card);
        eventually(VirtualCardTest::hasCard);
        verify("ec", sign("authenticate", "sha256"));
    }

    @Test
    @Order(6)
    void the_last_try_is_not_spent() {
        var wrong = Json.createObjectBuilder().add("pin", "000000").build();
        assertThat(agent.post(token() + "verify-pin", wrong).code()).isEqualTo(107_401);
        assertThat(agent.post(token() + "verify-pin", wrong).code()).isEqualTo(107_401);
        assertThat(agent.post(token() + "verify-pin", wrong).code()).isEqualTo(107_402);
        assertThat(card.tries()).isEqualTo(1);
    }

    @Test
    @Order(7)
    void the_user_may_spend_the_last_try() throws Exception {
        Tools.require("zenity");
        var right = Json.createObjectBuilder().add("pin", PIN).build();
        try (var screen = Screen.start(folder);
                var asking = RunningAgent.start(
                        screen.environment(),
                        Clock.systemUTC(),
                        folder.resolve("asking"),
                        "--pin.clear=true",
                        "--dialogs=zenity")) {
            var token = "/v3/modules/piv/apps/token/verify-pin";
            var refused = CompletableFuture.supplyAsync(() -> asking.post(token, right));
            screen.press("Countersign: last try", "Return");
            assertThat(refused.get(100, TimeUnit.SECONDS).code()).isEqualTo(107_402);
            assertThat(card.tries()).isEqualTo(1);
            var tried = CompletableFuture.supplyAsync(() -> asking.post(token, right));
            screen.press("Countersign: last try", "Tab", "space");
            assertThat(tried.get(100, TimeUnit.SECONDS).status()).isEqualTo(200);
            assertThat(card.tries()).isEqualTo(3);
        }
    }

    private static byte[] sign(String call, String algorithm) throws Exception {
        var hash = MessageDigest.getInstance("SHA-256").digest("to be signed".getBytes(StandardCharsets.UTF_8));
        Files.write(folder.resolve("hash"), hash);
        var answer = agent.post(
                token() + call,
                Json.createObjectBuilder()
                        .add("algorithm", algorithm)
                        .add("data", Base64.getEncoder().encodeToString(hash))
                        .add("pin", PIN)
                        .build());
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(200);
        return Base64.getDecoder().decode(answer.body().getJsonObject("data").getString("data"));
    }

    private static void verify(String key, byte[] signature, String... options) throws Exception {
        Files.write(folder.resolve("signature"), signature);
        var command = new java.util.ArrayList<String>(
                List.of("openssl", "pkeyutl", "-verify", "-pubin", "-inkey", key + ".pub", "-in", "hash"));
        command.addAll(List.of("-sigfile", "signature"));
        command.addAll(List.of(options));
        assertThat(Tools.run(folder, command.toArray(String[]::new))).contains("Verified Successfully");
    }
}

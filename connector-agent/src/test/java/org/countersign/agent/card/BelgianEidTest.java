package org.countersign.agent.card;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import jnasmartcardio.Smartcardio;
import org.countersign.agent.RunningAgent;
import org.countersign.agent.Screen;
import org.countersign.agent.Tools;
import org.countersign.agent.signature.SignatureScheme;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two Belgian eID cards, with the applets 1.7 and 1.8, in two readers of a real reader service; openssl checks signatures. */
@TestMethodOrder(OrderAnnotation.class)
class BelgianEidTest {

    private static final String PIN = "4829";
    private static final String WRONG = "9284";
    private static final byte[] PICTURE = "not really a JPEG".repeat(80).getBytes(StandardCharsets.US_ASCII);

    @TempDir
    static Path folder;

    static final ReaderService SERVICE = new ReaderService();
    static RunningAgent agent;
    static BelgianEid rsa;
    static BelgianEid ec;
    static VirtualReader first;
    static VirtualReader second;

    @BeforeAll
    static void start() throws Exception {
        ReaderService.require();
        authority("root");
        rsa = card(0x17, "RSA", "rsa:2048");
        ec = card(0x18, "EC", "ec", "-pkeyopt", "ec_paramgen_curve:P-384");
        SERVICE.start();
        agent = RunningAgent.start(folder.resolve("data"), "--pin.clear=true");
        eventually(2, false);
        first = VirtualReader.insert(rsa);
        second = VirtualReader.insert(ec, VirtualReader.PORT + 1);
        eventually(2, true);
    }

    @AfterAll
    static void stop() {
        for (var reader : new VirtualReader[] {first, second}) {
            if (reader != null) {
                reader.close();
            }
        }
        if (agent != null) {
            agent.close();
        }
        SERVICE.close();
    }

    private static void authority(String name) {
        Tools.run(
                folder,
                "openssl",
                "req",
                "-x509",
                "-nodes",
                "-newkey",
                "rsa:2048",
                "-keyout",
                name + ".key",
                "-out",
                name + ".pem",
                "-subj",
                "/CN=" + name,
                "-addext",
                "basicConstraints=critical,CA:TRUE",
                "-addext",
                "keyUsage=critical,keyCertSign");
        Tools.run(folder, "openssl", "x509", "-in", name + ".pem", "-outform", "DER", "-out", name + ".der");
    }

    private static BelgianEid card(int version, String algorithm, String... kind) throws Exception {
        var name = algorithm.toLowerCase(java.util.Locale.ROOT);
        // A file may be longer than what is in it.
        var padded = new ByteArrayOutputStream();
        padded.writeBytes(certificate(name + "-authentication", "digitalSignature", kind));
        padded.writeBytes(new byte[300]);
        return new BelgianEid(version, PIN)
                .with("3f00df005038", padded.toByteArray())
                .with("3f00df005039", certificate(name + "-signature", "nonRepudiation", kind))
                .with("3f00df00503b", Files.readAllBytes(folder.resolve("root.der")))
                .with("3f00df00503c", certificate(name + "-register", "digitalSignature,nonRepudiation", kind))
                .with(0x82, key(name + "-authentication", algorithm))
                .with(0x83, key(name + "-signature", algorithm))
                .with("3f00df014031", identity())
                .with("3f00df014032", new byte[256])
                .with("3f00df014033", fields("1", "Rue Neuve 1", "2", "1000", "3", "Bruxelles"))
                .with("3f00df014034", new byte[] {1, 2, 3})
                .with("3f00df014035", PICTURE);
    }

    private static byte[] identity() {
        var file = new ByteArrayOutputStream();
        file.writeBytes(fields("1", "592123456789", "6", "85073003328", "7", "Van Damme-Lefèvre", "8", "Zoë Anna"));
        file.writeBytes(fields("12", "30 JUL 1985", "13", "F", "15", "1"));
        file.writeBytes(new byte[] {2, 2, (byte) 0xab, (byte) 0xcd, 17, 2, 9, 8});
        // As long as two reads to the byte.
        file.writeBytes(new byte[2 * 0xf8 - file.size()]);
        return file.toByteArray();
    }

    private static byte[] fields(String... pairs) {
        var file = new ByteArrayOutputStream();
        for (int i = 0; i < pairs.length; i += 2) {
            var value = pairs[i + 1].getBytes(StandardCharsets.UTF_8);
            file.write(Integer.parseInt(pairs[i]));
            file.write(value.length);
            file.writeBytes(value);
        }
        return file.toByteArray();
    }

    private static byte[] certificate(String name, String usage, String... kind) throws IOException {
        var command = new ArrayList<>(List.of("openssl", "req", "-x509", "-nodes", "-newkey"));
        command.addAll(List.of(kind));
        command.addAll(List.of("-CA", "root.pem", "-CAkey", "root.key"));
        command.addAll(List.of("-keyout", name + ".key", "-out", name + ".pem", "-subj", "/CN=" + name));
        command.addAll(
                List.of("-addext", "basicConstraints=critical,CA:FALSE", "-addext", "keyUsage=critical," + usage));
        Tools.run(folder, command.toArray(String[]::new));
        Tools.run(folder, "openssl", "x509", "-in", name + ".pem", "-pubkey", "-noout", "-out", name + ".pub");
        Tools.run(folder, "openssl", "x509", "-in", name + ".pem", "-outform", "DER", "-out", name + ".der");
        return Files.readAllBytes(folder.resolve(name + ".der"));
    }

    private static PrivateKey key(String name, String algorithm) throws Exception {
        Tools.run(
                folder,
                "openssl",
                "pkcs8",
                "-topk8",
                "-nocrypt",
                "-outform",
                "DER",
                "-in",
                name + ".key",
                "-out",
                name + ".p8");
        return KeyFactory.getInstance(algorithm)
                .generatePrivate(new PKCS8EncodedKeySpec(Files.readAllBytes(folder.resolve(name + ".p8"))));
    }

    private static List<JsonObject> readers() {
        return agent.get("/v3/readers").body().getJsonArray("data").stream()
                .map(JsonValue::asJsonObject)
                .toList();
    }

    private static void eventually(int count, boolean cards) {
        var end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (true) {
            var readers = readers();
            if (readers.size() == count && readers.stream().allMatch(reader -> reader.containsKey("card") == cards)) {
                return;
            }
            assertThat(System.nanoTime()).as("the list is still %s", readers).isLessThan(end);
            java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
        }
    }

    private static BelgianEid card(String name) {
        return "rsa".equals(name) ? rsa : ec;
    }

    private static String token(String name) {
        var atr = card(name).atr();
        return readers().stream()
                .filter(reader -> reader.containsKey("card")
                        && reader.getJsonObject("card").getString("atr").equals(atr))
                .map(reader -> "/v3/modules/beid/apps/token/readers/" + reader.getString("id") + "/")
                .findFirst()
                .orElseThrow();
    }

    private static JsonObject data(String path) {
        var reply = agent.get(path);
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(200);
        return reply.body().getJsonObject("data");
    }

    @ParameterizedTest
    @CsvSource({"rsa", "ec"})
    @Order(1)
    void the_card_tells_of_its_holder(String name) {
        int resets = card(name).resets();
        var all = data(token(name) + "all-data");
        var identity = all.getJsonObject("biometric");
        assertThat(identity.getString("name")).isEqualTo("Van Damme-Lefèvre");
        assertThat(identity.getString("nationalNumber")).isEqualTo("85073003328");
        assertThat(identity.getString("chipNumber")).isEqualTo("ABCD");
        assertThat(identity.getString("pictureHash")).isEqualTo("CQg=");
        assertThat(Base64.getDecoder().decode(identity.getString("rawData"))).isEqualTo(identity());
        assertThat(Base64.getDecoder().decode(identity.getString("signature"))).hasSize(256);
        assertThat(all.getJsonObject("address").getString("municipality")).isEqualTo("Bruxelles");
        assertThat(Base64.getDecoder().decode(all.getJsonObject("picture").getString("picture")))
                .isEqualTo(PICTURE);
        assertThat(data(token(name) + "all-data?filter=address").keySet()).containsExactly("address");
        assertThat(data(token(name) + "info").getString("version")).isEqualTo("rsa".equals(name) ? "1.7" : "1.8");
        // Reading disturbs nobody who uses the card at the same time.
        assertThat(card(name).resets()).isEqualTo(resets);
    }

    @ParameterizedTest
    @CsvSource({"rsa", "ec"})
    @Order(1)
    void certificates_are_what_their_files_are_for(String name) {
        var list = data(token(name) + "cert-list");
        assertThat(list.keySet())
                .containsExactlyInAnyOrder(
                        "authenticationCertificate",
                        "nonRepudiationCertificate",
                        "encryptionCertificate",
                        "rootCertificate");
        var signing = list.getJsonObject("nonRepudiationCertificate")
                .getJsonArray("certificates")
                .getJsonObject(0);
        assertThat(signing.getString("subject")).isEqualTo("CN=" + name + "-signature");
        var root = list.getJsonObject("rootCertificate")
                .getJsonArray("certificates")
                .getJsonObject(0);
        assertThat(signing.getString("hashIssPubKey")).isEqualTo(root.getString("hashSubPubKey"));
        assertThat(agent.get(token(name) + "intermediate-certs").code()).isEqualTo(302_102);
    }

    @ParameterizedTest
    @CsvSource({
        "rsa, sha256",
        "rsa, sha384",
        "rsa, sha512",
        "rsa, sha256_pss",
        "ec, sha256",
        "ec, sha384",
        "ec, sha512",
    })
    @Order(2)
    void the_card_signs_and_forgets_the_pin(String name, String algorithm) throws Exception {
        var scheme = SignatureScheme.of(algorithm).orElseThrow();
        var hash = scheme.hash("to be signed".getBytes(StandardCharsets.UTF_8));
        for (var call : List.of("sign", "authenticate")) {
            var reply = agent.post(token(name) + call, request(algorithm, hash, PIN));
            assertThat(reply.status()).as(reply.raw().body()).isEqualTo(200);
            var signature = Base64.getDecoder()
                    .decode(reply.body().getJsonObject("data").getString("data"));
            verify(name + ("sign".equals(call) ? "-signature" : "-authentication"), scheme, hash, signature);
            assertThat(card(name).remembersPin()).isFalse();
        }
    }

    private static JsonObject request(String algorithm, byte[] hash, String pin) {
        return Json.createObjectBuilder()
                .add("algorithm", algorithm)
                .add("data", Base64.getEncoder().encodeToString(hash))
                .add("pin", pin)
                .build();
    }

    private static void verify(String key, SignatureScheme scheme, byte[] hash, byte[] signature) throws Exception {
        Files.write(folder.resolve("hash"), hash);
        Files.write(folder.resolve("made"), signature);
        var command = new ArrayList<>(List.of("openssl", "pkeyutl", "-verify", "-pubin", "-inkey", key + ".pub"));
        command.addAll(List.of("-in", "hash", "-sigfile", "made"));
        if (key.startsWith("rsa")) {
            command.addAll(List.of("-pkeyopt", "digest:sha" + scheme.hashBytes() * 8));
        }
        if (scheme.isPss()) {
            command.addAll(List.of("-pkeyopt", "rsa_padding_mode:pss", "-pkeyopt", "rsa_pss_saltlen:32"));
        }
        assertThat(Tools.run(folder, command.toArray(String[]::new))).contains("Verified Successfully");
    }

    /** The reader service may cut a card's power at any moment; the card then knows nothing of what went before. */
    @ParameterizedTest
    @CsvSource({"rsa", "ec"})
    @Order(3)
    void a_card_that_lost_its_power_is_begun_with_anew(String name) throws Exception {
        var scheme = SignatureScheme.of("sha256").orElseThrow();
        var hash = scheme.hash("to be signed".getBytes(StandardCharsets.UTF_8));
        var request = request("sha256", hash, PIN);
        int before = card(name).commands().size();
        assertThat(agent.post(token(name) + "sign", request).status()).isEqualTo(200);
        int commands = card(name).commands().size() - before;
        // Certificates are read at first, by many commands that are alike; then come the key, the PIN and the
        // signature.
        for (int i : new int[] {2, commands - 5, commands - 4, commands - 3, commands - 2, commands - 1}) {
            card(name).cutPowerAfter(i);
            var reply = agent.post(token(name) + "sign", request);
            assertThat(reply.status())
                    .as("after %d commands: %s", i, reply.raw().body())
                    .isEqualTo(200);
            var signature = Base64.getDecoder()
                    .decode(reply.body().getJsonObject("data").getString("data"));
            verify(name + "-signature", scheme, hash, signature);
            assertThat(card(name).remembersPin()).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({"rsa, sha512_pss", "ec, sha256_pss", "ec, md5", "rsa, ''"})
    @Order(3)
    void what_the_card_does_not_offer_costs_no_pin(String name, String algorithm) {
        int shown = card(name).shownPins();
        var hash = SignatureScheme.of(algorithm).map(scheme -> new byte[scheme.hashBytes()]);
        assertThat(agent.post(token(name) + "sign", request(algorithm, hash.orElse(new byte[32]), PIN))
                        .code())
                .isEqualTo(106_400);
        assertThat(card(name).shownPins()).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({"rsa, abcd", "ec, 123", "rsa, 1234567890123"})
    @Order(3)
    void what_can_be_no_pin_is_not_shown_to_the_card(String name, String pin) {
        int shown = card(name).shownPins();
        assertThat(agent.post(
                                token(name) + "verify-pin",
                                Json.createObjectBuilder().add("pin", pin).build())
                        .code())
                .isEqualTo(107_401);
        assertThat(card(name).shownPins()).isEqualTo(shown);
    }

    @Test
    @Order(4)
    void a_card_that_somebody_else_uses_is_busy_and_free_again() throws Exception {
        var terminals =
                (Smartcardio.JnaCardTerminals) new Smartcardio.JnaTerminalFactorySpi((Object) null).engineTerminals();
        var path = token("rsa") + "info";
        var reader = agent.get(path.replaceAll(".*/readers/([0-9a-f]+)/.*", "/v3/readers/$1"))
                .body()
                .getJsonObject("data")
                .getString("name");
        var card = terminals.getTerminal(reader).connect("*");
        card.beginExclusive();
        try {
            var busy = agent.get(path);
            assertThat(busy.status()).isEqualTo(503);
            assertThat(busy.code()).isEqualTo(105_503);
            assertThat(agent.get(token("ec") + "info").status()).isEqualTo(200);
        } finally {
            card.endExclusive();
            card.disconnect(false);
            terminals.close();
        }
        assertThat(agent.get(path).status()).isEqualTo(200);
    }

    /** Which reader comes first is the reader service's choice. */
    @Test
    @Order(4)
    void a_card_in_use_or_broken_hides_no_other() throws Exception {
        var terminals =
                (Smartcardio.JnaCardTerminals) new Smartcardio.JnaTerminalFactorySpi((Object) null).engineTerminals();
        try {
            var list = terminals.list();
            for (var terminal : list) {
                var card = terminal.connect("*");
                card.beginExclusive();
                var other = card.getATR().getBytes().length == rsa.atr().length() / 2 ? ec : rsa;
                try {
                    assertThat(data("/v3/modules/beid/apps/token/info").getString("version"))
                            .isEqualTo(other == rsa ? "1.7" : "1.8");
                    if (terminal == list.get(0)) {
                        // A PIN is for the first, which can not be had.
                        int shown = other.shownPins();
                        var pin = Json.createObjectBuilder().add("pin", PIN).build();
                        assertThat(agent.post("/v3/modules/beid/apps/token/verify-pin", pin)
                                        .code())
                                .isEqualTo(105_503);
                        assertThat(other.shownPins()).isEqualTo(shown);
                    }
                } finally {
                    card.endExclusive();
                    card.disconnect(false);
                }
            }
        } finally {
            terminals.close();
        }
        for (var card : List.of(rsa, ec)) {
            card.fail(true);
            assertThat(data("/v3/modules/beid/apps/token/info").getString("version"))
                    .isEqualTo(card == ec ? "1.7" : "1.8");
            card.fail(false);
        }
    }

    @Test
    @Order(5)
    void what_is_on_a_card_is_not_believed() {
        rsa.with("3f00df014031", new byte[] {7, 100, 'x'});
        assertThat(agent.get(token("rsa") + "biometric").code()).isEqualTo(106_505);
        rsa.with("3f00df014035", new byte[20_000]);
        assertThat(agent.get(token("rsa") + "picture").code()).isEqualTo(106_505);
        assertThat(agent.get(token("rsa") + "address").status()).isEqualTo(200);
    }

    /** What is known of a card's tries outlives them. */
    private static void endChildProcesses() {
        var children = ProcessHandle.current()
                .children()
                .filter(child -> child.info().command().orElse("").endsWith("java"))
                .toList();
        assertThat(children).isNotEmpty();
        for (var child : children) {
            child.destroyForcibly();
            child.onExit().join();
        }
    }

    @ParameterizedTest
    @CsvSource({"rsa", "ec"})
    @Order(6)
    void a_wrong_pin_is_shown_once_and_the_last_try_is_not_spent(String name) {
        var wrong = Json.createObjectBuilder().add("pin", WRONG).build();
        var right = Json.createObjectBuilder().add("pin", PIN).build();
        assertThat(agent.post(token(name) + "verify-pin", wrong).code()).isEqualTo(107_401);
        assertThat(card(name).tries()).isEqualTo(2);
        assertThat(agent.post(token(name) + "verify-pin", right).status()).isEqualTo(200);
        assertThat(card(name).tries()).isEqualTo(3);
        assertThat(card(name).remembersPin()).isFalse();
        for (int left = 2; left >= 1; left--) {
            assertThat(agent.post(token(name) + "verify-pin", wrong).code()).isEqualTo(107_401);
            assertThat(card(name).tries()).isEqualTo(left);
        }
        endChildProcesses();
        assertThat(agent.post(token(name) + "verify-pin", wrong).code()).isEqualTo(107_402);
        assertThat(agent.post(token(name) + "sign", request("sha256", new byte[32], PIN))
                        .code())
                .isEqualTo(107_402);
        assertThat(card(name).tries()).isEqualTo(1);
    }

    private static JsonObject pin(String pin) {
        return Json.createObjectBuilder().add("pin", pin).build();
    }

    private static void exchange(boolean inFirst, BelgianEid card) {
        (inFirst ? first : second).close();
        readersHave(1);
        if (inFirst) {
            first = VirtualReader.insert(card);
        } else {
            second = VirtualReader.insert(card, VirtualReader.PORT + 1);
        }
        readersHave(2);
    }

    private static void readersHave(int cards) {
        var end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (readers().stream().filter(reader -> reader.containsKey("card")).count() != cards) {
            assertThat(System.nanoTime()).isLessThan(end);
            java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
        }
    }

    /** The user's yes is for the card of which it was asked. */
    @Test
    @Order(7)
    void a_card_that_comes_while_the_user_thinks_gets_no_pin() throws Exception {
        assertThat(ec.tries()).isEqualTo(1);
        var screen = Screen.start(folder);
        try (var asking = RunningAgent.start(
                screen.environment(), Clock.systemUTC(), folder.resolve("asking"), "--pin.clear=true")) {
            var path = "/v3/modules/beid/apps/token/readers/" + asking(asking) + "/verify-pin";
            var answer = CompletableFuture.supplyAsync(() -> asking.post(path, pin(PIN)));
            var window = "Countersign: last try";
            screen.window(window);
            var other = new BelgianEid(0x18, PIN).numbered(0x55);
            exchange(false, other);
            screen.press(window, "Tab", "space");
            assertThat(answer.get(100, TimeUnit.SECONDS).code()).isEqualTo(105_409);
            assertThat(other.shownPins()).isZero();
            exchange(false, ec);
            var again = CompletableFuture.supplyAsync(() -> asking.post(path, pin(PIN)));
            screen.press(window, "Tab", "space");
            assertThat(again.get(100, TimeUnit.SECONDS).status()).isEqualTo(200);
            assertThat(ec.tries()).isEqualTo(3);
        } finally {
            screen.close();
        }
    }

    /** Identifiers of readers are each agent's own. */
    private static String asking(RunningAgent asking) {
        var end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (true) {
            for (var found : asking.get("/v3/readers").body().getJsonArray("data")) {
                var reader = found.asJsonObject();
                if (reader.containsKey("card")
                        && reader.getJsonObject("card").getString("atr").equals(ec.atr())) {
                    return reader.getString("id");
                }
            }
            assertThat(System.nanoTime()).isLessThan(end);
            java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
        }
    }

    /** Nobody heard the card say that the PIN was wrong. */
    @Test
    @Order(8)
    void a_try_counts_as_lost_when_the_process_ended_meanwhile() throws Exception {
        var fresh = new BelgianEid(0x17, PIN).numbered(0x66);
        exchange(true, fresh);
        var path = token("rsa") + "verify-pin";
        assertThat(agent.post(path, pin(WRONG)).code()).isEqualTo(107_401);
        assertThat(fresh.tries()).isEqualTo(2);
        fresh.hang();
        var lost = CompletableFuture.supplyAsync(() -> agent.post(path, pin(WRONG)));
        fresh.awaitHanging();
        endChildProcesses();
        assertThat(lost.get(100, TimeUnit.SECONDS).code()).isEqualTo(106_503);
        assertThat(fresh.tries()).isEqualTo(1);
        exchange(true, fresh);
        assertThat(agent.post(token("rsa") + "verify-pin", pin(WRONG)).code()).isEqualTo(107_402);
        assertThat(fresh.tries()).isEqualTo(1);
    }
}

package org.countersign.agent.card;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.nio.file.Path;
import java.time.Duration;
import org.countersign.agent.RunningAgent;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** A payment card in a virtual reader of a real reader service. */
@TestMethodOrder(OrderAnnotation.class)
class PaymentCardTest {

    @TempDir
    static Path folder;

    static final ReaderService SERVICE = new ReaderService();
    static final PaymentChip CHIP = new PaymentChip();
    static RunningAgent agent;
    static VirtualReader inserted;
    static String reader;

    @BeforeAll
    static void start() {
        ReaderService.require();
        SERVICE.start();
        agent = RunningAgent.start(folder.resolve("data"));
        var end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (reader == null) {
            for (var found : agent.get("/v3/readers").body().getJsonArray("data")) {
                if (inserted == null) {
                    inserted = VirtualReader.insert(CHIP);
                } else if (found.asJsonObject().containsKey("card")) {
                    reader = found.asJsonObject().getString("id");
                }
            }
            assertThat(System.nanoTime()).isLessThan(end);
            java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
        }
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

    private static JsonObject data(String path) {
        var reply = agent.get("/v3/modules/emv/apps/payment/" + path);
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(200);
        return reply.body().getJsonObject("data");
    }

    @Test
    @Order(1)
    void the_card_names_its_applications() {
        assertThat(data("readers/" + reader + "/data").toString())
                .isEqualTo("{\"applications\":[{\"aid\":\"A0000000043060\",\"name\":\"MAESTRO\",\"priority\":1}]}");
    }

    @Test
    @Order(1)
    void the_card_tells_of_its_account() {
        var told = data("readers/" + reader + "/application-data");
        assertThat(told.getString("pan")).isEqualTo("6703420000000001299");
        assertThat(told.getString("name")).isEqualTo("LEFEVRE/ZOE");
        assertThat(told.getString("expirationDate")).isEqualTo("291231");
        assertThat(told.getString("effectiveDate")).isEqualTo("240101");
        assertThat(told.getString("countryCode")).isEqualTo("0056");
        assertThat(told.getString("language")).isEqualTo("nlfr");
    }

    @Test
    @Order(1)
    void certificates_are_of_the_application_that_is_named() {
        var path = PaymentChip.AID + "/readers/" + reader + "/";
        var certificate =
                data(path + "issuer-cert").getJsonArray("certificates").getJsonObject(0);
        assertThat(certificate.getString("certificate")).isEqualTo("wP/uAQ==");
        assertThat(certificate.getString("exponent")).isEqualTo("Aw==");
        assertThat(certificate.getString("remainder")).isEqualTo("AQIDBAU=");
        assertThat(data(path + "cert-list").keySet()).containsExactly("issuerPublicCertificate");
        var app = "/v3/modules/emv/apps/payment/";
        assertThat(agent.get(app + path + "icc-cert").code()).isEqualTo(302_102);
        assertThat(agent.get(app + "A000000003101001/readers/" + reader + "/cert-list")
                        .code())
                .isEqualTo(106_405);
        assertThat(agent.get(app + "visa/readers/" + reader + "/cert-list").code())
                .isEqualTo(101_400);
    }

    @Test
    @Order(1)
    void other_modules_do_not_know_the_card() {
        assertThat(agent.get("/v3/modules/beid/apps/token/readers/" + reader + "/info")
                        .code())
                .isEqualTo(105_409);
        assertThat(agent.get("/v3/modules/emv/apps/token/readers/" + reader + "/info")
                        .code())
                .isEqualTo(106_405);
    }

    @Test
    @Order(2)
    void what_is_on_a_card_is_not_believed() {
        CHIP.with("/1/1", "70055a0a6703");
        var reply = agent.get("/v3/modules/emv/apps/payment/readers/" + reader + "/application-data");
        assertThat(reply.code()).isEqualTo(106_505);
        assertThat(reply.body().get("data")).isEqualTo((JsonValue) null);
    }
}

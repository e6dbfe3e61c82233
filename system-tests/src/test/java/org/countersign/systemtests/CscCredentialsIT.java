package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.countersign.systemtests.harness.CscClient.of;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.CscClient;
import org.countersign.systemtests.harness.CscHolder;
import org.countersign.systemtests.harness.KeyKind;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** CSC API 1.0.4.0: credentials/list and credentials/info. */
@ExtendWith(RunningServer.class)
class CscCredentialsIT {

    /** Tells the holders of test classes apart, which each test makes anew. */
    private static final AtomicInteger NEXT = new AtomicInteger();

    private final Platform platform;

    CscCredentialsIT(Platform platform) {
        this.platform = platform;
    }

    private CscHolder person(String name, String configuration, int multisign, KeyKind kind) {
        return CscHolder.enrol(platform, name, configuration, multisign, kind);
    }

    @Nested
    class TheList {

        @Test
        void comesInPagesOfAnySize() {
            var person = person("csc-pages", "pin", 1, KeyKind.P_256);
            var all = new ArrayList<>(List.of(person.holder().credential()));
            for (int i = 0; i < 2; i++) {
                all.add(CscHolder.another(platform, "csc-pages", "pin", 1, KeyKind.P_256)
                        .credential());
            }

            var whole = person.csc().call("credentials/list", "{}").ok();
            assertThat(whole.texts("credentialIDs")).isEqualTo(all);
            assertThat(whole.json().has("nextPageToken")).isFalse();
            for (int size : new int[] {1, 2, 3, 100_000}) {
                assertThat(walk(person.csc(), size)).isEqualTo(all);
            }
        }

        private List<String> walk(CscClient csc, int size) {
            var found = new ArrayList<String>();
            var parameters = new HashMap<String, Object>(Map.of("maxResults", size));
            while (true) {
                var page = csc.call("credentials/list", parameters).ok();
                assertThat(page.texts("credentialIDs")).isNotEmpty().hasSizeLessThanOrEqualTo(size);
                found.addAll(page.texts("credentialIDs"));
                if (!page.json().has("nextPageToken")) {
                    return found;
                }
                parameters.put("pageToken", page.text("nextPageToken"));
            }
        }

        @Test
        void refusesInTheWordsOfTheSpecification() {
            var csc = person("csc-list", "pin", 1, KeyKind.P_256).csc();
            for (var wrong : List.of(0, -1, "1", 1.5, true)) {
                refused(csc.call("credentials/list", Map.of("maxResults", wrong)), "Invalid parameter maxResults");
            }
            for (var wrong : List.of("", "x", "A".repeat(37), "_".repeat(38), 1)) {
                refused(csc.call("credentials/list", Map.of("pageToken", wrong)), "Invalid parameter pageToken");
            }
            refused(csc.call("credentials/list", Map.of("userID", "csc-list")), "userID parameter MUST be null");
            refused(csc.call("credentials/list", Map.of("userID", 1)), "Invalid parameter userID");
            refused(csc.call("credentials/list", Map.of("clientData", 1)), "Invalid parameter clientData");
            csc.call("credentials/list", "{\"userID\": null, \"unknown\": {}}").ok();
        }
    }

    @Nested
    class Info {

        private final CscHolder person =
                person("csc-info-rsa-" + NEXT.incrementAndGet(), "pin-otp", 3, KeyKind.RSA_2048);

        @Test
        void tellsAsMuchAsItIsAskedFor() {
            var little = info(Map.of());
            assertThat(little.at("/cert/certificates")).hasSize(1);
            assertThat(little.path("cert")).hasSize(1);
            assertThat(little.has("PIN") || little.has("OTP")).isFalse();
            assertThat(info(Map.of("certificates", "none")).path("cert")).isEmpty();
            assertThat(info(Map.of("certificates", "single")).at("/cert/certificates"))
                    .hasSize(1);
            assertThat(info(Map.of("certificates", "chain")).at("/cert/certificates"))
                    .hasSizeGreaterThan(1);

            var all = info(Map.of("certificates", "none", "certInfo", true, "authInfo", true));
            assertThat(all.at("/cert/status").asText()).isEqualTo("valid");
            for (var member : List.of("issuerDN", "subjectDN", "serialNumber", "validFrom", "validTo")) {
                assertThat(all.path("cert").has(member)).as(member).isTrue();
            }
            assertThat(all.path("authMode").asText()).isEqualTo("explicit");
            assertThat(all.path("SCAL").asText()).isEqualTo("2");
            assertThat(all.path("multisign").asInt()).isEqualTo(3);
            assertThat(all.at("/PIN/presence").asText()).isEqualTo("true");
            assertThat(all.at("/OTP/type").asText()).isEqualTo("offline");
            assertThat(all.at("/key/algo").toString())
                    .contains("\"1.2.840.113549.1.1.1\"", "\"1.2.840.113549.1.1.11\"", "\"1.2.840.113549.1.1.10\"");
            assertThat(all.at("/key/len").asInt()).isEqualTo(2048);
        }

        @ParameterizedTest
        @EnumSource(
                value = KeyKind.class,
                names = {"P_256", "P_384", "P_521", "ED25519"})
        void tellsTheCurveOfAnEcKeyByItsOid(KeyKind kind) {
            var curves = Map.of("P_256", "1.2.840.10045.3.1.7", "P_384", "1.3.132.0.34", "P_521", "1.3.132.0.35");
            var other = person("csc-info-" + kind, "pin", 1, kind);
            var key = other.csc()
                    .call("credentials/info", of(other.holder()))
                    .ok()
                    .json()
                    .path("key");
            assertThat(key.path("curve").asText()).isEqualTo(curves.getOrDefault(kind.name(), ""));
        }

        @Test
        void refusesInTheWordsOfTheSpecification() {
            for (var wrong : new String[] {"", "{}", "{\"credentialID\": 1}", "{\"credentialID\": null}"}) {
                refused(
                        person.csc().call("credentials/info", wrong),
                        "Missing (or invalid type) string parameter credentialID");
            }
            for (var wrong : List.of("", "x", "00000000-0000-0000-0000-000000000000")) {
                refused(
                        person.csc().call("credentials/info", Map.of("credentialID", wrong)),
                        "Invalid parameter credentialID");
            }
            for (var wrong : List.of("all", 1, true)) {
                refused(
                        person.csc().call("credentials/info", of(person.holder(), "certificates", wrong)),
                        "Invalid parameter certificates");
            }
            refused(
                    person.csc().call("credentials/info", of(person.holder(), "certInfo", "true")),
                    "Invalid parameter certInfo");
            refused(
                    person.csc().call("credentials/info", of(person.holder(), "authInfo", 1)),
                    "Invalid parameter authInfo");
        }

        private com.fasterxml.jackson.databind.JsonNode info(Map<String, ?> more) {
            var parameters = of(person.holder());
            parameters.putAll(more);
            return person.csc().call("credentials/info", parameters).ok().json();
        }
    }

    private static void refused(Answer answer, String description) {
        answer.refused(400, "invalid_request", description);
    }
}

package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.commons.codec.digest.DigestUtils;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.Caller;
import org.countersign.systemtests.harness.Company;
import org.countersign.systemtests.harness.DsDevice;
import org.countersign.systemtests.harness.Http;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.SignerApi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Maps of modules and cards as synchronising devices get them, and the plug-ins that they lead to. */
@ExtendWith(RunningServer.class)
class DsMapsIT {

    private static final JsonMapper JSON = new JsonMapper();

    private final SignerApi ds;
    private final Caller operator;
    private final String organisation;
    private final DsDevice device;

    DsMapsIT(Platform platform) {
        ds = platform.ds();
        operator = ds.as(Company.OPERATOR, Company.OPERATOR_SECRET, "");
        organisation = newOrganisation();
        device = registered(organisation);
    }

    @Test
    void aDeviceGetsTheMapsThatItLacks() throws IOException {
        var own = module(organisation);
        var others = module(newOrganisation());
        operator.post(
                        "/admin/v1/atrs",
                        Map.of("organisation", organisation, "atr", "3B 8F BB", "description", List.of("Ours")))
                .ok();

        var modules = map(sync(List.of()), "modules", organisation);
        assertThat(claims(modules).findValuesAsText("id")).containsExactly(own).doesNotContain(others);
        var cards = map(sync(List.of()), "atrs", organisation);
        assertThat(claims(cards).path("atrs").toString())
                .isEqualTo("[{\"atr\":\"3B8FBB\",\"description\":[\"Ours\"]}]");
        for (var map : List.of(modules, cards)) {
            assertThat(claims(map).path("aud").asText()).isEqualTo(organisation);
            assertThat(claims(map).path("sha256")).isEqualTo(map.path("sha256"));
            assertThat(claims(map).path("revision")).isEqualTo(map.path("revision"));
        }

        var again = sync(List.of(held(modules), held(cards)));
        assertThat(map(again, "modules", organisation).has("signed")).isFalse();
        assertThat(map(again, "atrs", organisation).has("signed")).isFalse();
        assertThat(map(again, "modules", "public").has("signed")).isTrue();
        var older = new HashMap<>(held(modules));
        older.put("sha256", "0".repeat(64));
        assertThat(map(sync(List.of(older)), "modules", organisation)).isEqualTo(modules);
    }

    @Test
    void aDeviceThatSaysNothingOfMapsGetsTheirDigestsAlone() {
        var maps = device.sync(Map.of()).ok().json().path("data").path("maps");
        assertThat(maps).hasSize(4).allSatisfy(map -> {
            assertThat(map.has("signed")).isFalse();
            assertThat(map.path("sha256").asText()).hasSize(64);
        });
        assertThat(maps.findValuesAsText("audience")).containsOnly("public", organisation);
    }

    @Test
    void whatADeviceSaysOfMapsIsChecked() {
        var good = Map.of("kind", "atrs", "audience", "public", "sha256", "0".repeat(64));
        for (var wrong :
                Map.of("kind", "cards", "audience", "everyone", "sha256", "0").entrySet()) {
            var bad = new HashMap<String, Object>(good);
            bad.put(wrong.getKey(), wrong.getValue());
            assertThat(device.sync(Map.of("maps", List.of(bad))).status())
                    .as(wrong.getKey())
                    .isEqualTo(400);
        }
        assertThat(device.sync(Map.of("maps", java.util.Collections.nCopies(9, good)))
                        .status())
                .isEqualTo(400);
        var nothing = new ArrayList<Object>();
        nothing.add(null);
        assertThat(device.sync(Map.of("maps", nothing)).status()).isEqualTo(400);
    }

    @Test
    void aDeviceGetsPlugInsOfItsOrganisation() throws IOException {
        var own = module(organisation);
        var address = "/modules/" + own + "/plug-ins/UNIX";
        assertThat(device.get(address).status()).isEqualTo(404);
        plugIn(own, "content");

        var file = device.get(address).ok();
        assertThat(file.body()).isEqualTo("content");
        var named = claims(map(sync(List.of()), "modules", organisation))
                .path("modules")
                .path(0)
                .path("plugIns")
                .path(0);
        assertThat(named.path("sha256").asText()).isEqualTo(DigestUtils.sha256Hex(file.body()));

        var stranger = registered(newOrganisation());
        assertThat(stranger.get(address).status()).isEqualTo(404);
        assertThat(Http.send(device.request(address).setHeader("Accept", "*/*").GET())
                        .status())
                .isEqualTo(401);
        assertThat(Http.send(device.request(address)
                                .setHeader("Accept", "*/*")
                                .header("Device-Signature", device.proof("POST", address, new byte[0]))
                                .GET())
                        .status())
                .isEqualTo(401);
    }

    @Test
    void aModuleThatMovesTakesItsPlugInsAlong() {
        var module = module(organisation);
        var address = "/modules/" + module + "/plug-ins/UNIX";
        plugIn(module, "content");
        var stranger = registered(newOrganisation());
        assertThat(stranger.get(address).status()).isEqualTo(404);

        decide(module, newOrganisation());
        assertThat(device.get(address).status()).isEqualTo(404);
        decide(module, null);
        assertThat(stranger.get(address).ok().body()).isEqualTo("content");
        decide(module, organisation);
        assertThat(stranger.get(address).status()).isEqualTo(404);
        assertThat(device.get(address).ok().body()).isEqualTo("content");
    }

    private JsonNode sync(List<?> held) {
        return device.sync(Map.of("maps", held)).ok().json().path("data").path("maps");
    }

    private static JsonNode map(JsonNode maps, String kind, String audience) {
        for (var map : maps) {
            if (map.path("kind").asText().equals(kind)
                    && map.path("audience").asText().equals(audience)) {
                return map;
            }
        }
        throw new AssertionError("No such map: " + maps);
    }

    private static Map<String, String> held(JsonNode map) {
        var held = new HashMap<String, String>();
        for (var member : List.of("kind", "audience", "sha256")) {
            held.put(member, map.path(member).asText());
        }
        return held;
    }

    private static JsonNode claims(JsonNode map) throws IOException {
        return JSON.readTree(
                Base64.getUrlDecoder().decode(map.path("signed").asText().split("\\.")[1]));
    }

    private String newOrganisation() {
        return operator.post("/admin/v1/organisations", Map.of("name", "maps " + UUID.randomUUID()))
                .ok()
                .text("id");
    }

    private DsDevice registered(String of) {
        var key = operator.post("/admin/v1/registration-keys", Map.of("organisation", of, "name", "maps"))
                .ok()
                .text("key");
        var registered = DsDevice.at(ds);
        registered.register(key).ok();
        return registered;
    }

    private String module(String of) {
        var id = "module-" + UUID.randomUUID();
        decide(id, of);
        return id;
    }

    private void decide(String module, String of) {
        var body = new HashMap<String, Object>(Map.of("version", "1.0.0", "description", "of a test"));
        if (of != null) {
            body.put("organisation", of);
        }
        Http.send(operator.request("/admin/v1/modules/" + module)
                        .header("Content-Type", "application/json")
                        .PUT(BodyPublishers.ofByteArray(DsDevice.json(body))))
                .ok();
    }

    private Answer plugIn(String module, String content) {
        return Http.send(operator.request("/admin/v1/modules/" + module + "/plug-ins/UNIX")
                        .header("Content-Type", "application/octet-stream")
                        .PUT(BodyPublishers.ofString(content)))
                .ok();
    }
}

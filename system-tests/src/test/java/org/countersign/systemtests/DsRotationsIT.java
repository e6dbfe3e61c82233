package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.countersign.systemtests.harness.Caller;
import org.countersign.systemtests.harness.Company;
import org.countersign.systemtests.harness.DsDevice;
import org.countersign.systemtests.harness.Http;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.SignerApi;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What rotations of the signing keys mean for an agent. */
@ExtendWith(RunningServer.class)
class DsRotationsIT {

    private final SignerApi ds;
    private final Caller operator;

    DsRotationsIT(Platform platform) {
        ds = platform.ds();
        operator = ds.as(Company.OPERATOR, Company.OPERATOR_SECRET, "");
    }

    /** Twice within one interval of sync: the key that signs then was not even the next one when the agent asked last. */
    @Test
    void anAgentThatMissedTwoRotationsRecoversAndLiveTokensStayGood() throws JoseException {
        var organisation = operator.post("/admin/v1/organisations", Map.of("name", "rotations " + UUID.randomUUID()))
                .ok()
                .text("id");
        var apiKey = apiKey(organisation);
        var device = DsDevice.at(ds);
        device.register(operator.post(
                                "/admin/v1/registration-keys",
                                Map.of("organisation", organisation, "name", "rotations"))
                        .ok()
                        .text("key"))
                .ok();
        var known = keys(device);
        var before = token(apiKey);
        assertThat(isGood(before, known)).isTrue();

        for (int i = 0; i < 2; i++) {
            Http.send(operator.request("/admin/v1/keys/rotate").POST(BodyPublishers.noBody()))
                    .ok();
        }
        var after = token(apiKey);
        assertThat(isGood(before, known)).as("without the service").isTrue();
        assertThat(known.findJsonWebKey(keyId(after), null, null, null)).isNull();

        var recovered = keys(device);
        assertThat(isGood(after, recovered)).isTrue();
        assertThat(isGood(before, recovered)).isTrue();
    }

    private String apiKey(String organisation) {
        var application = operator.post(
                        "/admin/v1/applications",
                        Map.of(
                                "organisationId",
                                organisation,
                                "label",
                                "rotations-" + organisation,
                                "origins",
                                List.of("https://shop.example.com")))
                .ok()
                .text("id");
        return Http.send(operator.request("/admin/v1/applications/" + application + "/api-keys")
                        .POST(BodyPublishers.noBody()))
                .ok()
                .text("key");
    }

    private String token(String apiKey) {
        return Http.send(ds.request("/v3/tokens/application")
                        .header("apikey", apiKey)
                        .GET())
                .ok()
                .text("data");
    }

    /** As an agent gets them. */
    private static JsonWebKeySet keys(DsDevice device) throws JoseException {
        JsonNode own =
                device.sync(Map.of()).ok().json().path("data").path("issuers").path(0);
        assertThat(own.path("issuer").asText()).isEqualTo(Company.DS_ISSUER);
        return new JsonWebKeySet("{\"keys\":" + own.path("keys") + "}");
    }

    private static String keyId(String token) throws JoseException {
        var signed = new JsonWebSignature();
        signed.setCompactSerialization(token);
        return signed.getKeyIdHeaderValue();
    }

    private static boolean isGood(String token, JsonWebKeySet keys) throws JoseException {
        var signed = new JsonWebSignature();
        signed.setCompactSerialization(token);
        signed.setKey(keys.findJsonWebKey(signed.getKeyIdHeaderValue(), null, null, null)
                .getKey());
        return signed.verifySignature();
    }
}

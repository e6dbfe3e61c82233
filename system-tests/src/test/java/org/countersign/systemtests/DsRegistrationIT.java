package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.DsDevice;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.junit.jupiter.api.Test;

/** Devices of the distribution service: how they register, and get their certificates. */
class DsRegistrationIT extends DsDeviceRig {

    DsRegistrationIT(Platform platform) {
        super(platform);
    }

    @Test
    void aDeviceRegistersOnceAndMayRepeatIt() {
        var key = newKey(Map.of());
        var device = DsDevice.at(ds);

        var first = device.register(key.text("key")).ok();
        assertThat(first.json().path("data").path("registered").asBoolean()).isTrue();
        assertThat(Instant.parse(first.header("X-Server-Time").orElseThrow()))
                .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
        var again = device.register(key.text("key")).ok();
        assertThat(again.json().path("data").path("registered").asBoolean()).isFalse();
        device.register(null).ok();

        assertThat(uses(key)).isEqualTo(1);
        assertThat(show(device).text("version")).isEqualTo("1.0.0");
        var newer = new HashMap<>(device.registration(null));
        newer.put("version", "1.0.1");
        device.put(newer).ok();
        assertThat(show(device).text("version")).isEqualTo("1.0.1");
    }

    @Test
    void aKnownIdentifierIsOnlyForItsKey() {
        var key = newKey(Map.of());
        var device = registered(key);
        var thief = device.withAnotherKey();

        refused(thief.register(key.text("key")), 409, CONFLICT);
        refused(thief.sync(Map.of()), 401, SIGNATURE);
        // signed by the current key, it may bring another one
        var bytes = DsDevice.json(thief.registration(null));
        device.send("PUT", "", "application/json", bytes, device.proof("PUT", "", bytes))
                .ok();
        thief.sync(Map.of()).ok();
        refused(device.sync(Map.of()), 401, SIGNATURE);
        assertThat(uses(key)).isEqualTo(1);
    }

    @Test
    void aNewDeviceSignsWithTheKeyItBrings() {
        var key = newKey(Map.of());
        var device = DsDevice.at(ds);
        var body = DsDevice.json(device.registration(key.text("key")));
        refused(
                device.send(
                        "PUT",
                        "",
                        "application/json",
                        body,
                        device.withAnotherKey().proof("PUT", "", body)),
                401,
                SIGNATURE);
        refused(device.sync(Map.of()), 401, UNKNOWN);
        assertThat(uses(key)).isZero();
    }

    @Test
    void whatARegistrationSaysIsChecked() {
        var key = newKey(Map.of());
        var device = DsDevice.at(ds);
        var wrong = new HashMap<String, Object>();
        wrong.put("version", "x".repeat(33));
        wrong.put("os", "WIN16");
        wrong.put("architecture", "a b");
        wrong.put("host", "a\u0000b");
        wrong.put("tlsKeyProof", device.tlsKeyProof(UUID.randomUUID().toString()));
        wrong.put("deviceKey", Map.of("kty", "EC", "crv", "P-256", "x", "AA", "y", "AA"));
        wrong.put("unknown", "x");
        wrong.forEach((member, value) -> {
            var body = new HashMap<>(device.registration(key.text("key")));
            body.put(member, value);
            assertThat(device.put(body).status()).as(member).isEqualTo(400);
        });
        assertThat(uses(key)).isZero();
    }

    @Test
    void aRegistrationKeyEndsByUsesTimeOrRevocation() {
        var twice = newKey(Map.of("maximumUses", 2));
        var answers = atOnce(6, () -> DsDevice.at(ds).register(twice.text("key")));
        assertThat(answers).filteredOn(Answer::isOk).hasSize(2);
        assertThat(answers)
                .filteredOn(answer -> !answer.isOk())
                .allSatisfy(answer -> refused(answer, 403, KEY_REFUSED));
        assertThat(uses(twice)).isEqualTo(2);
        assertThat(key(twice).json().path("refused").asInt()).isEqualTo(4);

        var expired = newKey(Map.of("expiresAt", Instant.now().minusSeconds(1).toString()));
        refused(DsDevice.at(ds).register(expired.text("key")), 403, KEY_REFUSED);

        var stolen = newKey(Map.of());
        var before = registered(stolen);
        operator.post(KEYS + "/" + stolen.text("id") + "/revoke", Map.of()).ok();
        refused(DsDevice.at(ds).register(stolen.text("key")), 403, KEY_REFUSED);
        before.sync(Map.of()).ok();
        refused(DsDevice.at(ds).register("unknown"), 403, KEY_REFUSED);
        refused(DsDevice.at(ds).register(null), 403, KEY_REFUSED);
    }

    @Test
    void oneDeviceThatRegistersManyTimesAtOnceIsOne() {
        var key = newKey(Map.of("maximumUses", 1));
        var device = DsDevice.at(ds);
        assertThat(atOnce(8, () -> device.register(key.text("key")))).allSatisfy(Answer::ok);
        assertThat(uses(key)).isEqualTo(1);
    }

    @Test
    void aDeviceGetsACertificateForItsTlsKeyAndAnotherWhenThatOneIsNotGood() throws Exception {
        var key = newKey(Map.of());
        var device = DsDevice.at(ds);
        var chain = chain(device.register(key.text("key")).ok());
        assertThat(chain).hasSize(2);
        assertThat(chain.get(0).getPublicKey()).isEqualTo(device.tlsKey());
        chain.get(0).verify(chain.get(1).getPublicKey());
        chain.get(0).checkValidity();
        assertThat(chain(device.register(null).ok())).isEqualTo(chain);
        assertThat(device.sync(Map.of()).ok().json().path("data").has("tlsCertificate"))
                .isFalse();

        try (var connection = server.database().superuser("distribution");
                var statement = connection.prepareStatement("UPDATE device SET tls_certificate = NULL WHERE id = ?")) {
            statement.setObject(1, device.uuid());
            assertThat(statement.executeUpdate()).isOne();
        }
        var renewed = chain(device.sync(Map.of()).ok());
        assertThat(renewed.get(0)).isNotEqualTo(chain.get(0));
        assertThat(renewed.get(0).getPublicKey()).isEqualTo(device.tlsKey());
        assertThat(device.sync(Map.of()).ok().json().path("data").has("tlsCertificate"))
                .isFalse();
    }

    private static List<X509Certificate> chain(Answer answer) throws CertificateException {
        var factory = CertificateFactory.getInstance("X.509");
        var chain = new ArrayList<X509Certificate>();
        for (var certificate : answer.json().path("data").path("tlsCertificate")) {
            var der = Base64.getDecoder().decode(certificate.asText());
            chain.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der)));
        }
        return chain;
    }

    @Test
    void aBlockedDeviceIsRefusedUntilItIsNotAnyMore() {
        var device = registered(newKey(Map.of()));
        operator.post("/admin/v1/devices/" + device.uuid() + "/block", Map.of()).ok();
        refused(device.sync(Map.of()), 403, BLOCKED);
        refused(device.register(null), 403, BLOCKED);
        operator.post("/admin/v1/devices/" + device.uuid() + "/unblock", Map.of())
                .ok();
        device.sync(Map.of()).ok();
    }
}

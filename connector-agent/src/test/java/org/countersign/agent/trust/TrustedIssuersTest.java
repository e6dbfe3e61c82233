package org.countersign.agent.trust;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.countersign.agent.keys.PrivateFolder;
import org.countersign.agent.outgoing.Outgoing;
import org.countersign.core.configuration.Problems;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustedIssuersTest {

    private static final String SET = "https://set.example.com";
    private static final String SERVICE = "https://service.example.com/ds";
    private static final String TOLD = "https://told.example.com";
    private static final String OTHER = "https://other.example.com";
    private static final byte[] NONE = "{\"keys\":[]}".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    private TrustedIssuers open() {
        var clock = new CorrectedClock(Clock.systemUTC());
        var problems = new Problems();
        var issuers = TrustedIssuers.of(
                List.of(SET), PrivateFolder.open(folder), new Outgoing(List.of(), clock), clock, problems);
        assertThat(problems.errors()).isEmpty();
        assertThat(issuers.trust(SERVICE)).isTrue();
        return issuers;
    }

    private static byte[] keys(String kid) throws JoseException {
        var key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
        key.setKeyId(kid);
        return new JsonWebKeySet(key).toJson(OutputControlLevel.PUBLIC_ONLY).getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void whom_the_service_names_no_more_is_trusted_no_more() throws JoseException {
        var issuers = open();
        issuers.learn(Map.of(TOLD, keys("first"), OTHER, keys("others"), SERVICE, keys("services")));
        assertThat(issuers.knownKey(TOLD, "first")).isPresent();
        var held = issuers.issuer(TOLD).orElseThrow();
        issuers.learn(Map.of(OTHER, keys("others")));
        assertThat(issuers.issuer(TOLD)).isEmpty();
        assertThat(held.key("first")).isEmpty();
        assertThat(issuers.knownKey(OTHER, "others")).isPresent();
        issuers.learn(Map.of());
        assertThat(issuers.issuer(OTHER)).isEmpty();
        // Those that the settings name are not the service's to withdraw, nor is the service itself.
        assertThat(issuers.issuer(SET)).isPresent();
        assertThat(issuers.knownKey(SERVICE, "services")).isPresent();
        // Nor do keys come back with the name.
        issuers.learn(Map.of(TOLD, NONE));
        assertThat(issuers.issuer(TOLD)).isPresent();
        assertThat(issuers.knownKey(TOLD, "first")).isEmpty();
    }

    @Test
    void an_issuer_without_keys_keeps_those_that_are_known() throws JoseException {
        open().learn(Map.of(TOLD, keys("first")));
        var again = open();
        again.learn(Map.of(TOLD, NONE));
        assertThat(again.knownKey(TOLD, "first")).isPresent();
        again.learn(Map.of(TOLD, keys("second")));
        assertThat(again.knownKey(TOLD, "first")).isEmpty();
        assertThat(again.knownKey(TOLD, "second")).isPresent();
    }
}

package org.countersign.wallet.keyattestations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyPair;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.countersign.core.jose.Base64Url;
import org.countersign.core.x509.CertificateEncoding;
import org.countersign.wallet.keyattestations.KeyAttestationSettings.Android;
import org.countersign.wallet.keyattestations.KeyAttestationSettings.Apple;
import org.junit.jupiter.api.Test;

class KeyAttestationsTest {

    private static final String NONCE = "n".repeat(43);
    private static final Clock CLOCK = Clock.fixed(TestMaker.NOW, ZoneOffset.UTC);

    private final TestMaker maker = new TestMaker();
    private final KeyPair keys = TestMaker.keys();
    private final KeyAttestations android = new KeyAttestations(
            new KeyAttestationSettings(
                    Optional.of(new Android(maker.roots(), Set.of(), Set.of(), Set.of())), Optional.empty()),
            CLOCK);
    private final KeyAttestations none =
            new KeyAttestations(new KeyAttestationSettings(Optional.empty(), Optional.empty()), CLOCK);

    private String attestation(Consumer<TestDescription> change) {
        var own = maker.issue(keys, Map.of(KeyDescription.OID, TestDescription.of(NONCE, change)));
        return "android-key:" + Base64Url.encode(CertificateEncoding.encode(own)) + "."
                + Base64Url.encode(maker.issuing());
    }

    private Optional<AttestedKey> verify(KeyAttestations attestations, String text, KeyLevel required)
            throws BadKeyAttestation {
        return attestations.verify(text, TestMaker.publicKey(keys), NONCE, required);
    }

    @Test
    void what_is_required_of_nobody_is_told_when_it_is_good() throws BadKeyAttestation {
        assertThat(verify(android, attestation(description -> {}), KeyLevel.NONE))
                .map(AttestedKey::keyType)
                .contains("tee");
        assertThat(verify(android, "what the device says", KeyLevel.NONE)).isEmpty();
        assertThat(verify(android, attestation(description -> description.keyLevel = 0), KeyLevel.NONE))
                .isEmpty();
    }

    @Test
    void a_trusted_environment_is_no_processor_of_its_own() throws BadKeyAttestation {
        var tee = attestation(description -> {});
        assertThat(verify(android, tee, KeyLevel.TRUSTED_ENVIRONMENT)).isPresent();
        assertThatThrownBy(() -> verify(android, tee, KeyLevel.SECURE_PROCESSOR))
                .hasMessage("level of the key");
        var strongBox = attestation(description -> {
            description.attestationLevel = 2;
            description.keyLevel = 2;
        });
        for (var level : KeyLevel.values()) {
            assertThat(verify(android, strongBox, level)).isPresent();
        }
    }

    @Test
    void a_type_that_nobody_knows_has_no_level() {
        for (var type : List.of("tee", "strong_box", "secure_enclave")) {
            assertThat(new AttestedKey(type, Optional.empty(), Optional.empty()).level())
                    .isEqualTo(type.equals("tee") ? KeyLevel.TRUSTED_ENVIRONMENT : KeyLevel.SECURE_PROCESSOR);
        }
        assertThatThrownBy(() -> new AttestedKey("quantum", Optional.empty(), Optional.empty()).level())
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void what_a_parser_stumbles_over_is_a_bad_attestation() throws BadKeyAttestation {
        // nothing to look roots up in: the parser falls, as over a form that nobody thought of
        var stumbling = new KeyAttestations(
                new KeyAttestationSettings(
                        Optional.of(new Android(null, Set.of(), Set.of(), Set.of())), Optional.empty()),
                CLOCK);
        var good = attestation(description -> {});
        assertThat(verify(stumbling, good, KeyLevel.NONE)).isEmpty();
        assertThatThrownBy(() -> verify(stumbling, good, KeyLevel.TRUSTED_ENVIRONMENT))
                .isInstanceOf(BadKeyAttestation.class)
                .hasMessage("form of the attestation");
    }

    @Test
    void what_was_believed_is_believed_while_its_root_and_certificates_count() throws BadKeyAttestation {
        var attested =
                verify(android, attestation(description -> {}), KeyLevel.NONE).orElseThrow();
        assertThat(android.believes(attested)).isTrue();
        for (var serial : attested.origin().orElseThrow().serials()) {
            assertThat(by(Optional.of(new Android(maker.roots(), Set.of(), Set.of(), Set.of(serial))), Optional.empty())
                            .believes(attested))
                    .isFalse();
        }
        assertThat(by(Optional.of(new Android(new TestMaker().roots(), Set.of(), Set.of(), Set.of())), Optional.empty())
                        .believes(attested))
                .isFalse();
        assertThat(none.believes(attested)).isFalse();
        var before = new AttestedKey("tee", Optional.empty(), Optional.empty());
        assertThat(none.believes(before))
                .as("it is not known whose word it was")
                .isTrue();
    }

    @Test
    void an_app_in_development_is_believed_while_that_is_allowed() {
        var certificate = maker.issue(keys, Map.of());
        for (boolean development : List.of(true, false)) {
            var attested = new AttestedKey(
                    "secure_enclave", Optional.empty(), Optional.of(maker.origin(certificate, development)));
            assertThat(by(Optional.empty(), Optional.of(new Apple(maker.roots(), Set.of(), true)))
                            .believes(attested))
                    .isTrue();
            assertThat(by(Optional.empty(), Optional.of(new Apple(maker.roots(), Set.of(), false)))
                            .believes(attested))
                    .isEqualTo(!development);
            assertThat(by(Optional.empty(), Optional.of(new Apple(new TestMaker().roots(), Set.of(), true)))
                            .believes(attested))
                    .isFalse();
        }
    }

    private static KeyAttestations by(Optional<Android> android, Optional<Apple> apple) {
        return new KeyAttestations(new KeyAttestationSettings(android, apple), CLOCK);
    }

    @Test
    void without_roots_nothing_is_believed() throws BadKeyAttestation {
        var good = attestation(description -> {});
        assertThat(verify(none, good, KeyLevel.NONE)).isEmpty();
        assertThatThrownBy(() -> verify(none, good, KeyLevel.TRUSTED_ENVIRONMENT))
                .hasMessage("unknown kind of attestation");
        assertThatThrownBy(() -> verify(android, "apple-appattest:AA", KeyLevel.TRUSTED_ENVIRONMENT))
                .hasMessage("unknown kind of attestation");
    }
}

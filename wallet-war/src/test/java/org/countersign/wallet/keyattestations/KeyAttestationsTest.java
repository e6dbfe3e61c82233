package org.countersign.wallet.keyattestations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyPair;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.countersign.core.jose.Base64Url;
import org.countersign.core.x509.CertificateEncoding;
import org.countersign.wallet.keyattestations.KeyAttestationSettings.Android;
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
                .contains(new AttestedKey("tee", Optional.empty()));
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
    void without_roots_nothing_is_believed() throws BadKeyAttestation {
        var good = attestation(description -> {});
        assertThat(verify(none, good, KeyLevel.NONE)).isEmpty();
        assertThatThrownBy(() -> verify(none, good, KeyLevel.TRUSTED_ENVIRONMENT))
                .hasMessage("unknown kind of attestation");
        assertThatThrownBy(() -> verify(android, "apple-appattest:AA", KeyLevel.TRUSTED_ENVIRONMENT))
                .hasMessage("unknown kind of attestation");
    }
}

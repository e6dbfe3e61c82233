package org.countersign.server.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.countersign.core.error.ProtocolException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyAlgorithmTest {

    @ParameterizedTest
    @CsvSource({
        "RSA,2048,,RSA_2048",
        "rsa,4096,,RSA_4096",
        "EC,,P-256,EC_P256",
        "ec,,secp384r1,EC_P384",
        "ECDSA,,1.3.132.0.35,EC_P521",
        "Ed25519,,,ED25519",
        "EdDSA,,Ed25519,ED25519"
    })
    void the_wire_fields_name_a_key_pair(String keyAlgorithm, Integer keyLength, String curve, KeyAlgorithm expected) {
        assertThat(KeyAlgorithm.of(keyAlgorithm, keyLength, curve)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        ",,,KeyAlgorithm is null or empty",
        "DSA,2048,,'Unsupported keyAlgorithm: one of RSA, EC, Ed25519 is expected'",
        "RSA,,,keyLength is required for an RSA key",
        "RSA,1024,,'Unsupported keyLength: one of 2048, 3072, 4096 is expected'",
        "RSA,2048,P-256,curve does not belong to an RSA key",
        "EC,,,curve is required for an EC key",
        "EC,256,P-256,keyLength does not belong to an EC key",
        "EC,,secp256k1,'Unsupported curve: one of P-256, P-384, P-521 is expected'",
        "Ed25519,256,,keyLength does not belong to an Ed25519 key",
        "Ed25519,,P-256,Unsupported curve: an Ed25519 key has no other"
    })
    void anything_else_is_refused_with_its_reason(
            String keyAlgorithm, Integer keyLength, String curve, String description) {
        assertThatThrownBy(() -> KeyAlgorithm.of(keyAlgorithm, keyLength, curve))
                .isInstanceOfSatisfying(
                        ProtocolException.class,
                        refused -> assertThat(refused.description()).isEqualTo(description));
    }

    @Test
    void every_key_knows_what_it_can_sign() {
        for (var key : KeyAlgorithm.values()) {
            assertThat(key.signatureAlgorithms()).isNotEmpty().allSatisfy(algorithm -> algorithm.requireFits(key));
        }
    }
}

package org.countersign.server.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.countersign.core.error.ProtocolException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SignatureAlgorithmTest {

    @ParameterizedTest
    @EnumSource(SignatureAlgorithm.class)
    void its_own_name_says_all(SignatureAlgorithm algorithm) {
        assertThat(SignatureAlgorithm.parse(algorithm.wireName(), null)).isEqualTo(algorithm);
        assertThat(SignatureAlgorithm.parse(algorithm.wireName().toLowerCase(java.util.Locale.ROOT), null))
                .isEqualTo(algorithm);
    }

    @ParameterizedTest
    @CsvSource({
        "1.2.840.113549.1.1.11,,SHA256WITHRSA",
        "1.2.840.113549.1.1.12,,SHA384WITHRSA",
        "1.2.840.113549.1.1.13,,SHA512WITHRSA",
        "1.2.840.10045.4.3.2,,SHA256WITHECDSA",
        "1.2.840.10045.4.3.4,,SHA512WITHECDSA",
        "1.3.101.112,,ED25519",
        "RSA,SHA-256,SHA256WITHRSA",
        "rsa,sha384,SHA384WITHRSA",
        "RSA,2.16.840.1.101.3.4.2.3,SHA512WITHRSA",
        "1.2.840.113549.1.1.1,2.16.840.1.101.3.4.2.1,SHA256WITHRSA",
        "1.2.840.113549.1.1.10,2.16.840.1.101.3.4.2.1,SHA256WITHRSAANDMGF1",
        "RSASSA-PSS,SHA-384,SHA384WITHRSAANDMGF1",
        "RSAANDMGF1,SHA512,SHA512WITHRSAANDMGF1",
        "ECDSA,SHA-256,SHA256WITHECDSA",
        "1.2.840.10045.2.1,SHA-384,SHA384WITHECDSA"
    })
    void names_and_oids_are_read(String signAlgo, String hashAlgo, SignatureAlgorithm expected) {
        assertThat(SignatureAlgorithm.parse(signAlgo, hashAlgo)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        ",,SignAlgo is null or empty",
        "MD5WITHRSA,,Unsupported signAlgo",
        "SHA1WITHRSA,,Unsupported signAlgo",
        "1.2.840.113549.1.1.5,,Unsupported signAlgo",
        "RSA,,hashAlgo is required with this signAlgo",
        "RSA,SHA-1,'Unsupported hashAlgo: one of SHA-256, SHA-384, SHA-512 is expected'",
        "SHA256WITHRSA,SHA-256,hashAlgo must be absent: signAlgo already says how the hash was made",
        "ED25519,SHA-512,hashAlgo must be absent: signAlgo already says how the hash was made",
        "1.2.840.10045.4.3.2,SHA-256,hashAlgo must be absent: signAlgo already says how the hash was made"
    })
    void anything_else_is_refused_with_its_reason(String signAlgo, String hashAlgo, String description) {
        assertThatThrownBy(() -> SignatureAlgorithm.parse(signAlgo, hashAlgo))
                .isInstanceOfSatisfying(
                        ProtocolException.class,
                        refused -> assertThat(refused.description()).isEqualTo(description));
    }

    @Test
    void a_message_for_ed25519_has_bounds() {
        SignatureAlgorithm.ED25519.requireLength(new byte[1]);
        SignatureAlgorithm.ED25519.requireLength(new byte[65_536]);
        for (int length : new int[] {0, 65_537}) {
            assertThatThrownBy(() -> SignatureAlgorithm.ED25519.requireLength(new byte[length]))
                    .isInstanceOf(ProtocolException.class);
        }
    }
}

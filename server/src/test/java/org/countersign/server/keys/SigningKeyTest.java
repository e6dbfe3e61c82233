package org.countersign.server.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.countersign.core.error.ProtocolException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SigningKeyTest {

    private static final byte[] MESSAGE = "what is signed".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    static Stream<Arguments> everything() {
        return providers()
                .flatMap(provider -> Arrays.stream(KeyAlgorithm.values())
                        .flatMap(key -> key.signatureAlgorithms().stream()
                                .map(algorithm -> Arguments.of(provider, key, algorithm))));
    }

    static Stream<SignatureProvider> providers() {
        return Stream.of(TestKeys.FASTEST, TestKeys.JDK);
    }

    @Test
    void the_fastest_provider_is_the_accelerated_one_on_this_machine() {
        assertThat(TestKeys.FASTEST.name()).isEqualTo("AmazonCorrettoCryptoProvider");
        assertThat(TestKeys.JDK.name()).isEqualTo("JDK");
    }

    /** Other deployments get nothing else than before from a JVM that they share. */
    @Test
    void a_provider_that_is_registered_with_the_jvm_is_the_last_one() {
        assertThat(TestKeys.FASTEST.name()).isEqualTo("AmazonCorrettoCryptoProvider");
        assertThat(java.security.Security.getProviders())
                .extracting(java.security.Provider::getName)
                .doesNotContain("BC")
                .last()
                .isEqualTo("AmazonCorrettoCryptoProvider");
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("everything")
    void a_signature_is_verified_by_openssl(
            SignatureProvider provider, KeyAlgorithm keyAlgorithm, SignatureAlgorithm algorithm) {
        var openSsl = new OpenSsl(folder);
        var pair = TestKeys.pair(keyAlgorithm);
        var hash = algorithm.digest(MESSAGE);
        try (var key = provider.open(pair.getPrivate().getEncoded())) {
            assertThat(key.algorithm()).isEqualTo(keyAlgorithm);
            var signature = key.sign(algorithm, hash);
            assertThat(openSsl.verifies(pair.getPublic(), algorithm, hash, signature))
                    .isTrue();
            var other = algorithm.digest("something else".getBytes(StandardCharsets.UTF_8));
            assertThat(openSsl.verifies(pair.getPublic(), algorithm, other, signature))
                    .isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void a_signature_has_the_length_of_the_modulus_whatever_its_first_bytes_are(SignatureProvider provider)
            throws GeneralSecurityException {
        var pair = TestKeys.pair(KeyAlgorithm.RSA_2048);
        try (var key = provider.open(pair.getPrivate().getEncoded())) {
            // One signature in 256 begins with a zero.
            for (int i = 0; i < 600; i++) {
                var message = ("message " + i).getBytes(StandardCharsets.UTF_8);
                var algorithm = i % 2 == 0 ? SignatureAlgorithm.SHA256WITHRSAANDMGF1 : SignatureAlgorithm.SHA256WITHRSA;
                assertThat(key.sign(algorithm, algorithm.digest(message))).hasSize(256);
            }
            var verifier = Signature.getInstance("SHA256withRSA", "SunRsaSign");
            verifier.initVerify(KeyEncoding.publicKey(KeyAlgorithm.RSA_2048, pair.getPublic()));
            verifier.update(MESSAGE);
            var algorithm = SignatureAlgorithm.SHA256WITHRSA;
            assertThat(verifier.verify(key.sign(algorithm, algorithm.digest(MESSAGE))))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void keys_are_made_by_either_provider_and_opened_by_both(SignatureProvider provider) {
        for (var algorithm :
                List.of(KeyAlgorithm.RSA_2048, KeyAlgorithm.EC_P256, KeyAlgorithm.EC_P521, KeyAlgorithm.ED25519)) {
            var pair = provider.generate(algorithm);
            for (var other : List.of(TestKeys.FASTEST, TestKeys.JDK)) {
                try (var key = other.open(pair.getPrivate().getEncoded())) {
                    var signatureAlgorithm = algorithm.signatureAlgorithms().get(0);
                    var hash = signatureAlgorithm.digest(MESSAGE);
                    assertThat(new OpenSsl(folder)
                                    .verifies(
                                            pair.getPublic(),
                                            signatureAlgorithm,
                                            hash,
                                            key.sign(signatureAlgorithm, hash)))
                            .isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void an_algorithm_of_another_kind_of_key_is_refused(SignatureProvider provider) {
        try (var key =
                provider.open(TestKeys.pair(KeyAlgorithm.EC_P256).getPrivate().getEncoded())) {
            assertThatThrownBy(() -> key.sign(SignatureAlgorithm.SHA256WITHRSA, new byte[32]))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageContaining("signAlgo does not fit the credential's key");
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void a_hash_of_another_length_is_refused(SignatureProvider provider) {
        try (var key =
                provider.open(TestKeys.pair(KeyAlgorithm.EC_P256).getPrivate().getEncoded())) {
            for (int length : new int[] {0, 31, 33, 48}) {
                assertThatThrownBy(() -> key.sign(SignatureAlgorithm.SHA256WITHECDSA, new byte[length]))
                        .isInstanceOf(ProtocolException.class)
                        .hasMessageContaining("32 bytes are expected");
            }
        }
    }

    @Test
    void an_unknown_key_is_not_opened() throws GeneralSecurityException {
        var x25519 = java.security.KeyPairGenerator.getInstance("X25519").generateKeyPair();
        assertThatThrownBy(() -> TestKeys.JDK.open(x25519.getPrivate().getEncoded()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

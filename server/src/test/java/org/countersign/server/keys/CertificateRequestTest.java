package org.countersign.server.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.countersign.core.x509.CertificateRequest;
import org.countersign.core.x509.SubjectName;
import org.countersign.core.x509.VerifiedRequest;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests signed by keys of the vault, every algorithm, judged by openssl. */
class CertificateRequestTest {

    @TempDir
    Path folder;

    static Stream<Arguments> algorithms() {
        return Arrays.stream(KeyAlgorithm.values())
                .flatMap(key -> key.signatureAlgorithms().stream().map(algorithm -> Arguments.of(key, algorithm)));
    }

    @ParameterizedTest
    @MethodSource("algorithms")
    void a_request_is_verified_by_openssl_and_by_the_server(KeyAlgorithm keyAlgorithm, SignatureAlgorithm algorithm) {
        var pair = TestKeys.pair(keyAlgorithm);
        var subject = SubjectName.parse("CN=Jane Doe,OU=R\\, D,O=ACME,C=DE");
        String pem;
        try (var key = TestKeys.FASTEST.open(pair.getPrivate().getEncoded())) {
            pem = CertificateRequest.pem(
                    pair.getPublic(),
                    subject,
                    algorithm.algorithmIdentifier(),
                    message -> key.sign(algorithm, algorithm.digest(message)));
        }
        var openSsl = new OpenSsl(folder);
        openSsl.write("request.pem", pem.getBytes(StandardCharsets.US_ASCII));
        assertThat(openSsl.run(
                        List.of("req", "-in", "request.pem", "-verify", "-noout", "-subject", "-nameopt", "RFC2253")))
                .contains("verify OK")
                .contains("subject=CN=Jane Doe,OU=R\\, D,O=ACME,C=DE");
        assertThat(VerifiedRequest.of(pem, pair.getPublic()).subject()).isEqualTo(subject);
    }
}

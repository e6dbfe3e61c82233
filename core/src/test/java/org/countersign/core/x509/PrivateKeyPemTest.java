package org.countersign.core.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateKeyPemTest {

    @TempDir
    Path folder;

    @Test
    void keys_are_read_that_openssl_wrote_without_encryption() {
        assertThat(PrivateKeyPem.read(generated("RSA")).getAlgorithm()).isEqualTo("RSA");
        assertThat(PrivateKeyPem.read(generated("EC", "-pkeyopt", "ec_paramgen_curve:P-256"))
                        .getAlgorithm())
                .isEqualTo("EC");
        assertThat(PrivateKeyPem.read(generated("ED25519")).getAlgorithm()).isEqualTo("EdDSA");
    }

    @Test
    void nothing_else_is_a_key() {
        var key = generated("ED25519");
        for (var wrong : new String[] {
            "",
            "x",
            key + key,
            generated("X25519"),
            key.replace("PRIVATE", "PUBLIC"),
            generated("ED25519", "-aes-256-cbc", "-pass", "pass:x"),
            Pem.write("PRIVATE KEY", new byte[] {0x30, 0}),
            Pem.write("PRIVATE KEY", new byte[0])
        }) {
            assertThatIllegalArgumentException().isThrownBy(() -> PrivateKeyPem.read(wrong));
        }
    }

    private String generated(String algorithm, String... more) {
        var arguments = new ArrayList<>(List.of("genpkey", "-algorithm", algorithm));
        arguments.addAll(List.of(more));
        return new TestCertificates(folder).openssl(arguments.toArray(String[]::new));
    }
}

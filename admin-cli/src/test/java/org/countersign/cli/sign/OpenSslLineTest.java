package org.countersign.cli.sign;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class OpenSslLineTest {

    @Test
    void quotesForTheShell() {
        assertThat(OpenSslLine.verifying(Path.of("-a.p7s"), Path.of("it's $mine"), Path.of("ca.pem")))
                .isEqualTo("openssl cms -verify -binary -inform DER -in ./-a.p7s -content 'it'\\''s $mine'"
                        + " -CAfile ca.pem -purpose any -out /dev/null");
    }
}

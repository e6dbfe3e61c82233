package org.countersign.cli.sign;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TotpTest {

    /** RFC 6238 appendix B: the ASCII characters 12345678901234567890. */
    private static final String SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    // RFC 6238 appendix B, SHA-1, the last six of the eight digits
    @ParameterizedTest
    @CsvSource({
        "59, 287082",
        "1111111109, 081804",
        "1111111111, 050471",
        "1234567890, 005924",
        "2000000000, 279037",
        "20000000000, 353130"
    })
    void givesTheValuesOfTheStandard(long seconds, String password) {
        assertThat(new Totp(SECRET).password(Totp.stepAt(Instant.ofEpochSecond(seconds))))
                .isEqualTo(password);
    }

    @Test
    void aStepLastsThirtySeconds() {
        assertThat(Totp.stepAt(Instant.ofEpochSecond(59))).isEqualTo(1);
        assertThat(Totp.stepAt(Instant.ofEpochSecond(60))).isEqualTo(2);
        assertThat(Totp.STEP).isEqualTo(Duration.ofSeconds(30));
    }
}

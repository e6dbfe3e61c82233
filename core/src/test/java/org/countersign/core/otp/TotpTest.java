package org.countersign.core.otp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TotpTest {

    private static final byte[] SECRET = "12345678901234567890".getBytes(StandardCharsets.US_ASCII);

    @Nested
    class Rfc4226AppendixD {

        @ParameterizedTest
        @CsvSource({
            "0, 755224", "1, 287082", "2, 359152", "3, 969429", "4, 338314",
            "5, 254676", "6, 287922", "7, 162583", "8, 399871", "9, 520489"
        })
        void the_password_of_a_counter(long counter, String password) {
            assertThat(Totp.passwordAt(SECRET, counter)).isEqualTo(password);
        }
    }

    @Nested
    class Rfc6238AppendixB {

        /** The appendix shows eight digits; six are the last of them. */
        @ParameterizedTest
        @CsvSource({
            "59, 94287082",
            "1111111109, 07081804",
            "1111111111, 14050471",
            "1234567890, 89005924",
            "2000000000, 69279037",
            "20000000000, 65353130"
        })
        void the_password_of_a_time(long seconds, String eightDigits) {
            var step = Totp.stepAt(Instant.ofEpochSecond(seconds));
            assertThat(Totp.passwordAt(SECRET, step)).isEqualTo(eightDigits.substring(2));
        }
    }

    @Nested
    class Rfc6238Section5_2 {

        private final Instant now = Instant.ofEpochSecond(1_000_000_000);
        private final long step = Totp.stepAt(now);

        @ParameterizedTest
        @CsvSource({"-2, false", "-1, true", "0, true", "1, true", "2, false"})
        void one_step_before_and_after_is_accepted(int offset, boolean accepted) {
            var match = Totp.matchingStep(SECRET, Totp.passwordAt(SECRET, step + offset), now);
            assertThat(match.isPresent()).isEqualTo(accepted);
            match.ifPresent(found -> assertThat(found).isEqualTo(step + offset));
        }

        @Test
        void another_secret_matches_nothing() {
            assertThat(Totp.matchingStep(new byte[20], Totp.passwordAt(SECRET, step), now))
                    .isEmpty();
        }
    }

    @Test
    void digits_are_ascii_whatever_the_machine_speaks() {
        var machine = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            assertThat(Totp.passwordAt(SECRET, 0)).isEqualTo("755224");
        } finally {
            Locale.setDefault(machine);
        }
    }

    @ParameterizedTest
    @CsvSource({"0", "59", "1111111109", "1790000000"})
    void oathtool_agrees(long seconds) throws IOException, InterruptedException {
        Process oathtool;
        try {
            oathtool = new ProcessBuilder(
                            "oathtool",
                            "--totp",
                            "--now=@" + seconds,
                            HexFormat.of().formatHex(SECRET))
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException absent) {
            assumeTrue(false, "oathtool is not installed: " + absent.getMessage());
            return;
        }
        var said = new String(oathtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(oathtool.waitFor()).as(said).isZero();
        assertThat(Totp.passwordAt(SECRET, Totp.stepAt(Instant.ofEpochSecond(seconds))))
                .isEqualTo(said);
    }
}

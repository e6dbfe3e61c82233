package org.countersign.signer.activation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class HashesTest {

    @Test
    void canonical_base64_is_decoded_in_order() {
        assertThat(Hashes.decode(List.of("AQ==", "AQI=", "AQID")))
                .containsExactly(new byte[] {1}, new byte[] {1, 2}, new byte[] {1, 2, 3});
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "AQ", "AR==", "AQ== ", "AQ==\n", "_-8=", "*", "A"})
    void another_way_to_write_the_same_bytes_is_refused(String text) {
        assertThatThrownBy(() -> Hashes.decode(Arrays.asList("AQ==", text))).hasMessageContaining("must be base64");
    }

    @Test
    void there_is_one_and_a_thousand_at_most() {
        assertThatThrownBy(() -> Hashes.decode(null)).hasMessageContaining("hash is required");
        assertThatThrownBy(() -> Hashes.decode(List.of())).hasMessageContaining("hash is required");
        assertThat(Hashes.decode(Collections.nCopies(1_000, "AQ=="))).hasSize(1_000);
        assertThatThrownBy(() -> Hashes.decode(Collections.nCopies(1_001, "AQ==")))
                .hasMessageContaining("1000");
    }
}

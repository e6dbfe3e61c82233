package org.countersign.core.entropy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

class EntropyTest {

    private final Entropy entropy = Entropy.system();

    @Test
    void a_uuid_is_random_of_version_4_and_the_variant_of_rfc_4122() {
        var seen = new HashSet<String>();
        long high = 0;
        long low = 0;
        for (int i = 0; i < 1_000; i++) {
            var uuid = entropy.uuid();
            assertThat(uuid.version()).isEqualTo(4);
            assertThat(uuid.variant()).isEqualTo(2);
            assertThat(seen.add(uuid.toString())).isTrue();
            high |= uuid.getMostSignificantBits();
            low |= uuid.getLeastSignificantBits();
        }
        // Every bit that is free was set at least once.
        assertThat(high).isEqualTo(~0xb000L);
        assertThat(low).isEqualTo(0xbfff_ffff_ffff_ffffL);
    }

    @Test
    void a_token_has_256_bits_in_43_characters_of_base64url() {
        var token = entropy.token();
        assertThat(token).matches("[A-Za-z0-9_-]{43}").isNotEqualTo(entropy.token());
        assertThat(Base64.getUrlDecoder().decode(token)).hasSize(32);
    }

    @Test
    void bytes_come_in_the_length_asked_for() {
        assertThat(entropy.bytes(0)).isEmpty();
        assertThat(entropy.bytes(20)).hasSize(20).isNotEqualTo(entropy.bytes(20));
    }
}

package org.countersign.wallet.statuslists;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.bouncycastle.util.encoders.Hex;
import org.countersign.core.jose.Base64Url;
import org.junit.jupiter.api.Test;

class StatusListsTest {

    /** Token Status List §4.1: sixteen tokens, of which these have the status 1. */
    private static final List<Integer> PUBLISHED = List.of(0, 3, 4, 5, 7, 8, 9, 13, 15);

    @Test
    void the_published_list_has_the_published_bytes() {
        var bits = StatusLists.bits(PUBLISHED, BitOrder.LEAST_FIRST);
        assertThat(Hex.toHexString(bits, 0, 2)).isEqualTo("b9a3");
        assertThat(bits).hasSize(StatusLists.SIZE / 8);
        assertThat(Base64Url.encode(StatusLists.compress(Arrays.copyOf(bits, 2))))
                .isEqualTo("eNrbuRgAAhcBXQ");
    }

    @Test
    void the_last_place_is_the_highest_bit_of_the_last_byte() {
        var bits = StatusLists.bits(List.of(StatusLists.SIZE - 1), BitOrder.LEAST_FIRST);
        assertThat(bits[bits.length - 1]).isEqualTo((byte) 0x80);
    }

    @Test
    void the_other_order_has_the_bits_of_each_byte_the_other_way_round() {
        var bits = StatusLists.bits(PUBLISHED, BitOrder.MOST_FIRST);
        assertThat(Hex.toHexString(bits, 0, 2)).isEqualTo("9dc5");
    }
}

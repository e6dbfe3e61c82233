package org.countersign.agent.cards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.Random;
import org.countersign.core.error.AgentError;
import org.countersign.core.error.ProtocolException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BerTlvTest {

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    @Test
    void elements_are_found_however_deep_and_in_order() {
        var data = hex("6f0c840101a5075f2d01ab870102" + "00" + "870103");
        assertThat(BerTlv.first(data, 0x5F2D)).hasValue(hex("ab"));
        assertThat(BerTlv.all(data, 0x87)).containsExactly(hex("02"), hex("03"));
        assertThat(BerTlv.first(data, 0x88)).isEmpty();
        assertThat(BerTlv.first(hex("5a8103010203"), 0x5A)).hasValue(hex("010203"));
    }

    /** No length; too short; a length of no form, of three bytes; a tag without end; what is within another. */
    @ParameterizedTest
    @ValueSource(strings = {"5a", "5a02ff", "5a80ff", "5a83000001ff", "5f", "5f81818101ff", "70025a05"})
    void what_is_of_another_form_is_refused(String data) {
        assertThatThrownBy(() -> BerTlv.first(hex(data), 0x9F38))
                .isInstanceOfSatisfying(
                        ProtocolException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(AgentError.CARD_DATA));
    }

    @Test
    void depth_has_an_end() {
        assertThatThrownBy(() -> BerTlv.first(hex(nested(20)), 0x5A)).isInstanceOf(ProtocolException.class);
        assertThat(BerTlv.first(hex(nested(5)), 0x5A)).hasValue(hex("01"));
    }

    private static String nested(int depth) {
        var data = "5a0101";
        for (int i = 0; i < depth; i++) {
            data = "70" + HexFormat.of().toHexDigits((byte) (data.length() / 2)) + data;
        }
        return data;
    }

    @Test
    void whatever_a_card_gives_is_read_or_refused() {
        var random = new Random(20_261_122);
        int refused = 0;
        for (int i = 0; i < 100_000; i++) {
            var data = i % 2 == 0 ? new byte[random.nextInt(40)] : hex("6f0c840101a5075f2d01ab870102");
            if (i % 2 == 0) {
                random.nextBytes(data);
            } else {
                data[random.nextInt(data.length)] = (byte) random.nextInt();
            }
            try {
                BerTlv.all(data, 0x5A);
            } catch (ProtocolException refusal) {
                assertThat(refusal.code()).isEqualTo(AgentError.CARD_DATA);
                refused++;
            }
        }
        assertThat(refused).isBetween(1, 99_999);
    }
}

package org.countersign.agent.readers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PinpadTest {

    @Test
    void a_reader_with_direct_verification_has_a_pinpad() {
        assertThat(Readers.offersPin(HexFormat.of().parseHex("06044233000612044233001205")))
                .isTrue();
        assertThat(Readers.offersPin(HexFormat.of().parseHex("120442330012060442330006")))
                .isTrue();
        assertThat(Readers.offersPin(HexFormat.of().parseHex("120442330012"))).isFalse();
        assertThat(Readers.offersPin(HexFormat.of().parseHex("0604423300"))).isFalse();
        assertThat(Readers.offersPin(new byte[0])).isFalse();
    }

    @Test
    void a_card_is_known_by_its_answer_to_reset_and_told_only_modules_that_are_there() {
        var atr = "3BF81300008131FE15597562696B657934D4";
        assertThat(AtrMap.load(Set.of("piv")).card(atr).modules()).containsExactly("piv");
        var without = AtrMap.load(Set.of()).card(atr);
        assertThat(without.modules()).isEmpty();
        assertThat(without.description()).containsExactly("YubiKey 4");
    }
}

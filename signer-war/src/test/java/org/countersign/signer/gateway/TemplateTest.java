package org.countersign.signer.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TemplateTest {

    private static String filled(String text, String value) {
        return new Template(text, Template.OF_APPROVAL).filled(Map.of("TEXT_TO_SIGN", value));
    }

    @Test
    void places_are_filled_and_what_is_filled_in_has_none() {
        assertThat(filled("Sign ${TEXT_TO_SIGN}, $5 and {x}?", "a $1 \\ ${SEAT}"))
                .isEqualTo("Sign a $1 \\ ${SEAT}, $5 and {x}?");
        assertThat(filled("${TEXT_TO_SIGN}${TEXT_TO_SIGN}${SEAT}", "a")).isEqualTo("aa");
    }

    @Test
    void what_is_filled_in_is_one_line_with_an_end() {
        assertThat(filled("<${TEXT_TO_SIGN}>", "\n a\r\nb\u0000c\u202ed\u2028e "))
                .isEqualTo("<a b c d e>");
        assertThat(filled("${TEXT_TO_SIGN}", "x".repeat(501))).hasSize(501).endsWith("x…");
    }

    @Test
    void a_name_that_nobody_fills_in_is_refused() {
        assertThatThrownBy(() -> new Template("${CODE} ${} ${text_to_sign}", Template.OF_APPROVAL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("has unknown names , CODE, text_to_sign (known here: CLIENT, ");
        assertThat(new Template("${CODE}", Template.OF_CODE).has("CODE")).isTrue();
        assertThat(new Template("CODE", Template.OF_CODE).has("CODE")).isFalse();
    }
}

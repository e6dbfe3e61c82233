package org.countersign.agent.dialogs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class WordsTest {

    @Test
    void languages_are_chosen_as_set_as_preferred_or_as_the_systems() {
        var before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            assertThat(Words.of("", "es-MX").text("pin.no")).isEqualTo("Cancelar");
            assertThat(Words.of("", "fr, es;q=0.5, en;q=0.9").text("pin.no")).isEqualTo("Cancel");
            assertThat(Words.of("en", "es").text("pin.no")).isEqualTo("Cancel");
            Locale.setDefault(Words.SPANISH);
            for (var nothing : new String[] {"", "-", ",", "*;q=x", "fr", "es,".repeat(200)}) {
                assertThat(Words.of("", nothing).text("pin.no")).as(nothing).isEqualTo("Cancelar");
            }
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void both_languages_say_the_same() throws Exception {
        assertThat(keys("es")).isEqualTo(keys("en"));
    }

    private static Object keys(String language) throws Exception {
        var texts = new Properties();
        try (var file = Words.class.getResourceAsStream("words_" + language + ".properties");
                var reader = new InputStreamReader(file, StandardCharsets.UTF_8)) {
            texts.load(reader);
        }
        return texts.stringPropertyNames();
    }

    @Test
    void nothing_in_a_value_means_anything() {
        assertThat(Words.of("en", "").text("pin.text", "{1}'{0}", "b")).startsWith("{1}'{0} asks for");
    }

    @Test
    void words_of_others_are_one_plain_line() {
        assertThat(PlainText.of("  a\u0000b\r\nc\u202ed\u2066e\u2028f\u00a0\ue000g\ud800h  i\u200bj ", 80))
                .isEqualTo("a b c d e f g h i j");
        assertThat(PlainText.of("Firma ñ 漢字 😀", 80)).isEqualTo("Firma ñ 漢字 😀");
        assertThat(PlainText.of("😀".repeat(100), 10)).isEqualTo("😀".repeat(9) + "…");
    }
}

package org.countersign.ds.modules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.countersign.core.cards.AtrPattern;
import org.countersign.core.error.ProtocolException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AtrsTest {

    private static final Optional<UUID> ACME = Optional.of(new UUID(1, 1));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "3B 02 14 50 | 3B021450 | true",
                "3B 02 14 50 | 3B02145000 | false",
                "3b:02:.. 50 | 3BFF1450 | false",
                "3B .. 14 50 | 3BFF1450 | true",
                "3B 39 0[1-3] | 3B3902 | true",
                "3B 39 0[1-3] | 3B3904 | false",
                "3B 39 3[1,3] | 3B3932 | false",
                "3B 39 A[FE] | 3B39AE | true",
                "3B EF .* 38 | 3BEF38 | true",
                "3B EF .* 38 | 3BEF000138 | true",
                "3B FF 90 00.* | 3BFF9000AA | true"
            })
    void a_pattern_matches_whole_answers(String pattern, String atr, boolean matches) {
        assertThat(AtrPattern.parse(pattern).orElseThrow().matches(atr)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "3",
                "3G",
                "3B (00|01)",
                "3B+",
                "3B .*.*.*",
                "3B [^0]",
                "3B [3-1]",
                "3B [0",
                "3B ]",
                "3B \\d",
                "3B {9}"
            })
    void nothing_else_of_a_regular_expression_is_taken(String pattern) {
        assertThat(AtrPattern.parse(pattern)).isEmpty();
    }

    @Test
    void the_most_specific_pattern_wins() {
        var map = new AtrMap(List.of(
                entry("3B .. .. ..", Optional.empty(), true, "anything"),
                entry("3B 02 .. ..", Optional.empty(), true, "something"),
                entry("3B 02 14 50", Optional.empty(), true, "listed"),
                entry("3B 03 .. ..", Optional.empty(), true, "listed"),
                entry("3B 03 .. ..", Optional.empty(), false, "operator's"),
                entry("3B 04 .. ..", Optional.empty(), false, "operator's"),
                entry("3B 04 .. ..", ACME, false, "own")));
        assertThat(found(map, "3B021450")).isEqualTo("listed");
        assertThat(found(map, "3B021451")).isEqualTo("something");
        assertThat(found(map, "3B0F1451")).isEqualTo("anything");
        assertThat(found(map, "3B030000")).isEqualTo("operator's");
        assertThat(found(map, "3B040000")).isEqualTo("own");
        assertThat(map.find("3B0400")).isEmpty();
        assertThat(map.claims()).hasSize(5);
        assertThat(map.claims().get(0)).containsEntry("atr", "3B021450");
    }

    @Test
    void the_public_list_is_read() {
        var content = SmartcardList.parse("""
                # a comment

                3B 02 14 50
                \tSchlumberger Multiflex 3k
                \thttps://example.com/

                3B EF 00 [^0]
                \tnot understood

                3B 02 14 50
                \tAnother
                \tAnother
                """);
        assertThat(content.skipped()).isEqualTo(1);
        assertThat(content.entries()).hasSize(1);
        assertThat(content.entries().values().iterator().next())
                .containsExactly("Schlumberger Multiflex 3k", "https://example.com/", "Another");
        assertThatThrownBy(() -> SmartcardList.parse("<html>"))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("Line 1 is no answer to reset");
        assertThatThrownBy(() -> SmartcardList.parse("\tdescription"))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("Line 1 describes nothing");
    }

    private static String found(AtrMap map, String atr) {
        return map.find(atr).orElseThrow().descriptions().get(0);
    }

    private static AtrEntry entry(String pattern, Optional<UUID> organisation, boolean imported, String description) {
        return new AtrEntry(
                UUID.nameUUIDFromBytes(description.getBytes(StandardCharsets.UTF_8)),
                organisation,
                AtrPattern.parse(pattern).orElseThrow(),
                imported,
                List.of(description));
    }
}

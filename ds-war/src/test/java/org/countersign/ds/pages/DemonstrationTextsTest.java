package org.countersign.ds.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The words of the demonstration page, and its script. */
class DemonstrationTextsTest {

    private static final Pattern USE = Pattern.compile("\\bt\\([`']([A-Za-z.]*[A-Za-z])[`']");
    private static final Pattern PLACE = Pattern.compile("\\{\\w+}");

    private static String file(String name) throws IOException {
        try (var in = DemonstrationTextsTest.class.getResourceAsStream("/demo/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Map<String, String> words(String language) throws IOException {
        return new JsonMapper().readValue(file(language + ".json"), new TypeReference<Map<String, String>>() {});
    }

    private static Object places(String text) {
        return PLACE.matcher(text)
                .results()
                .map(match -> match.group())
                .sorted()
                .toList();
    }

    @Test
    void both_languages_have_the_same_keys_and_the_same_places_for_values() throws IOException {
        var spanish = words("es");
        assertThat(spanish.keySet()).isEqualTo(words("en").keySet());
        words("en").forEach((key, text) -> {
            assertThat(spanish.get(key)).as(key).isNotBlank();
            assertThat(places(spanish.get(key))).as(key).isEqualTo(places(text));
        });
    }

    @Test
    void every_word_that_is_used_is_there() throws IOException {
        assertThat(USE.matcher(file("demo.js")).results().map(match -> match.group(1)))
                .hasSizeGreaterThan(30)
                .allMatch(words("en")::containsKey);
    }

    @Test
    void nothing_is_put_into_the_page_as_markup_and_nothing_is_inline() throws IOException {
        assertThat(file("demo.js"))
                .doesNotContainPattern("innerHTML|outerHTML|insertAdjacentHTML|document\\.write|eval\\(|new Function");
        assertThat(file("index.html")).doesNotContainPattern("<style|style=|\\son\\w+=|<script(?![^>]*src=)");
    }
}

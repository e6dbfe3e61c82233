package org.countersign.ds.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The console's words: every language has the same ones, and those that the page uses. */
class ConsoleTextsTest {

    private static final List<String> SCRIPTS =
            List.of("api.js", "applications.js", "console.js", "devices.js", "page.js", "releases.js", "texts.js");

    /** Keys whose end is a value. */
    private static final List<String> MADE = List.of("nav.", "role.", "device.", "key.", "error.");

    private static final Pattern USE = Pattern.compile("\\bt\\('([A-Za-z.]+)'");
    private static final Pattern PLACE = Pattern.compile("\\{\\w+}");

    private static String file(String name) throws IOException {
        try (var in = ConsoleTextsTest.class.getResourceAsStream("/console/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Map<String, String> words(String language) throws IOException {
        return new JsonMapper().readValue(file(language + ".json"), new TypeReference<Map<String, String>>() {});
    }

    @Test
    void both_languages_have_the_same_keys_and_the_same_places_for_values() throws IOException {
        var english = words("en");
        var spanish = words("es");
        assertThat(spanish.keySet()).isEqualTo(english.keySet());
        english.forEach((key, text) -> {
            assertThat(text).as(key).isNotBlank();
            assertThat(spanish.get(key)).as(key).isNotBlank();
            assertThat(places(spanish.get(key))).as(key).isEqualTo(places(text));
        });
    }

    private static Set<String> places(String text) {
        return PLACE.matcher(text).results().map(match -> match.group()).collect(Collectors.toSet());
    }

    @Test
    void the_page_uses_every_key_and_no_other() throws IOException {
        var used = new TreeSet<String>();
        for (var script : SCRIPTS) {
            USE.matcher(file(script)).results().forEach(match -> used.add(match.group(1)));
        }
        var known = new TreeSet<>(words("en").keySet());
        assertThat(known).containsAll(used);
        known.removeAll(used);
        known.removeIf(key -> MADE.stream().anyMatch(key::startsWith));
        assertThat(known).isEmpty();
    }

    @Test
    void nothing_is_put_into_the_page_as_markup() throws IOException {
        for (var script : SCRIPTS) {
            assertThat(file(script))
                    .doesNotContainPattern(
                            "innerHTML|outerHTML|insertAdjacentHTML|document\\.write|eval\\(|new Function");
        }
    }
}

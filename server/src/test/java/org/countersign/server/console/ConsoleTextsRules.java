package org.countersign.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The words of a console: every language has the same ones, and those that its scripts use. */
public abstract class ConsoleTextsRules {

    private static final Pattern USE = Pattern.compile("\\bt\\('([A-Za-z.]+)'");
    private static final Pattern PLACE = Pattern.compile("\\{\\w+}");

    private final String prefix;
    private final List<String> scripts;
    private final List<String> made;
    private final Set<String> elsewhere;

    /**
     * @param prefix of the names of the files with words
     * @param made beginnings of keys whose end is a value
     * @param elsewhere what the scripts use and other files have, or other scripts use and these files have
     */
    protected ConsoleTextsRules(String prefix, List<String> scripts, List<String> made, Set<String> elsewhere) {
        this.prefix = prefix;
        this.scripts = scripts;
        this.made = made;
        this.elsewhere = elsewhere;
    }

    private static String file(String name) throws IOException {
        try (var in = resource(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static InputStream resource(String name) {
        for (var folder : List.of("/console/", "/wizard/", "/console-common/")) {
            var found = ConsoleTextsRules.class.getResourceAsStream(folder + name);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** Of a language, by key. */
    protected static Map<String, String> words(String name) {
        try {
            return new JsonMapper().readValue(file(name + ".json"), new TypeReference<Map<String, String>>() {});
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    @Test
    void both_languages_have_the_same_keys_and_the_same_places_for_values() {
        var english = words(prefix + "en");
        var spanish = words(prefix + "es");
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
    void the_scripts_use_every_key_and_no_other() throws IOException {
        var used = new TreeSet<String>();
        for (var script : scripts) {
            USE.matcher(file(script)).results().forEach(match -> used.add(match.group(1)));
        }
        var known = new TreeSet<>(words(prefix + "en").keySet());
        used.removeAll(elsewhere);
        assertThat(known).containsAll(used);
        known.removeAll(used);
        known.removeAll(elsewhere);
        known.removeIf(key -> made.stream().anyMatch(key::startsWith));
        assertThat(known).isEmpty();
    }

    @Test
    void nothing_is_put_into_the_page_as_markup() throws IOException {
        for (var script : scripts) {
            assertThat(file(script))
                    .doesNotContainPattern(
                            "innerHTML|outerHTML|insertAdjacentHTML|document\\.write|eval\\(|new Function");
        }
    }
}

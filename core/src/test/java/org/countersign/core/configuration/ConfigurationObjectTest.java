package org.countersign.core.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationObjectTest {

    private static final String SECRET = "hunter2-hunter2";

    private enum Colour {
        RED,
        GREEN
    }

    @TempDir
    Path folder;

    private final Problems problems = new Problems();

    private ConfigurationObject file(String json) throws IOException {
        return JsonConfiguration.read(Files.writeString(folder.resolve("acme.json"), json), problems);
    }

    @Test
    void comments_trailing_commas_and_broken_strings_of_the_seed_are_read() throws IOException {
        var file = file("{ // a comment\n /* another */ \"a\": \"x,\n y\", \"list\": [\"p\", \"q\",], }");
        assertThat(file.text("a")).contains("x,\n y");
        assertThat(file.texts("list")).containsExactly("p", "q");
        assertThat(problems.errors()).isEmpty();
    }

    @Test
    void a_missing_file_is_named() {
        assertThatThrownBy(() -> JsonConfiguration.read(folder.resolve("none.json"), problems))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("none.json")
                .hasMessageContaining("does not exist");
    }

    @Test
    void a_duplicate_key_is_refused_with_its_place_and_without_its_value() {
        assertThatThrownBy(() -> file("{\n\"password\": \"" + SECRET + "\",\n\"password\": \"" + SECRET + "\"}"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("line 3")
                .hasMessageNotContaining(SECRET);
    }

    @Test
    void broken_json_is_refused_without_quoting_it() {
        for (var json : List.of(
                "{\"password\": " + SECRET + "}",
                "{\"password\": \"" + SECRET + "\"",
                "[\"" + SECRET + "\"]",
                "\"" + SECRET + "\"",
                "{} {\"password\": \"" + SECRET + "\"}",
                "")) {
            assertThatThrownBy(() -> file(json))
                    .as(json)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageNotContaining(SECRET);
        }
    }

    @Test
    void every_error_is_told_at_once_with_its_path() throws IOException {
        var file = file("""
                {"number": 11, "flag": "yes", "colour": "blue", "text": 1, "texts": "x", "mixed": ["a", 1],
                 "object": [], "objects": {}, "items": [{"name": ""}, 5]}
                """);
        file.number("number", 1, 0, 10);
        file.flag("flag", false);
        file.choice("colour", Colour.class, Colour.RED);
        file.text("text");
        file.requiredText("missing");
        file.texts("texts");
        file.texts("mixed");
        file.object("object");
        file.objects("objects");
        file.objects("items").forEach(item -> item.requiredText("name"));
        file.refuseUnknownKeys();
        assertThat(problems.errors())
                .containsExactlyInAnyOrder(
                        "number: must be a whole number from 0 to 10",
                        "flag: must be true or false",
                        "colour: must be one of RED, GREEN",
                        "text: must be a string",
                        "missing: is required",
                        "texts: must be a list of strings, [\"…\"]",
                        "mixed[1]: must be a string",
                        "object: must be an object, {…}",
                        "objects: must be a list of objects, [{…}]",
                        "items[1]: must be an object, {…}",
                        "items[0].name: is required");
        assertThatThrownBy(() -> problems.throwIfAny("acme.json"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("11 errors in acme.json:\n  - ");
    }

    @Test
    void an_error_is_told_once_however_often_its_key_is_read() throws IOException {
        var file = file("{\"hsm\": \"homo\"}");
        file.object("hsm");
        file.object("hsm");
        assertThat(problems.errors()).containsExactly("hsm: must be an object, {…}");
    }

    @Test
    void an_unknown_key_names_its_nearest_neighbour_and_what_is_known() throws IOException {
        var file = file("{\"datasourc\": {}, \"entirelyElse\": 1, \"datasource\": {}}");
        file.object("datasource");
        file.accept("ntp");
        file.refuseUnknownKeys();
        assertThat(problems.errors())
                .containsExactly(
                        "datasourc: is not known; did you mean datasource? (known here: datasource, ntp)",
                        "entirelyElse: is not known (known here: datasource, ntp)");
    }

    @Test
    void the_nearest_name_ignores_case_and_is_none_when_all_are_far() {
        assertThat(NearestName.of("CLIENTID", List.of("clientId", "clientSecret")))
                .contains("clientId");
        assertThat(NearestName.of("zebra", List.of("clientId"))).isEmpty();
        assertThat(NearestName.of("x", List.of())).isEmpty();
    }

    @Test
    void null_counts_as_absent() throws IOException {
        var file = file("{\"a\": null, \"b\": null, \"c\": null}");
        assertThat(file.text("a")).isEmpty();
        assertThat(file.object("b").isPresent()).isFalse();
        assertThat(file.objects("c")).isEmpty();
        assertThat(file.number("b", 7, 0, 10)).isEqualTo(7);
        assertThat(file.has("a")).isFalse();
        assertThat(problems.errors()).isEmpty();
    }

    @Test
    void numbers_are_whole_and_within_their_bounds() throws IOException {
        var file = file("{\"fraction\": 1.5, \"text\": \"3\", \"huge\": 99999999999, \"least\": 0, \"most\": 10}");
        assertThat(file.number("least", 5, 0, 10)).isZero();
        assertThat(file.number("most", 5, 0, 10)).isEqualTo(10);
        file.number("fraction", 5, 0, 10);
        file.number("text", 5, 0, 10);
        file.number("huge", 5, 0, 10);
        assertThat(problems.errors()).hasSize(3);
    }

    @Test
    void references_are_resolved_and_a_missing_source_is_named_without_its_value() throws IOException {
        Files.writeString(folder.resolve("password"), SECRET + "\n\n");
        var file = file("{\"a\": \"${env:A}\", \"b\": \"${env:B}\", \"c\": \"${file:password}\", \"d\": \"plain\"}");
        var environment = Map.of("A", "from environment");
        assertThat(file.resolved("a", environment)).contains("from environment");
        assertThat(file.resolved("b", environment)).isEmpty();
        assertThat(file.resolved("c", environment)).contains(SECRET);
        assertThat(file.resolved("d", environment)).contains("plain");
        assertThat(problems.errors()).containsExactly("b: environment variable B is missing or empty");
    }
}

package org.countersign.server.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedHashMap;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.countersign.core.error.ProtocolException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonBodiesTest {

    /** One member of each kind. */
    public record Example(
            @JsonAlias("credentialID") String credentialId,
            Integer number,
            Boolean flag,
            List<String> hash,
            @JsonProperty("PIN") String pin) {}

    private final JsonBodies json = new JsonBodies();

    @SuppressWarnings("unchecked")
    private Example read(String body) throws IOException {
        return (Example) json.readFrom(
                (Class<Object>) (Class<?>) Example.class,
                Example.class,
                new Annotation[0],
                MediaType.APPLICATION_JSON_TYPE,
                new MultivaluedHashMap<>(),
                new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void members_are_read_also_by_their_other_spelling_and_may_be_left_out() throws IOException {
        assertThat(read("{\"credentialID\":\"x\",\"number\":3,\"flag\":true,\"hash\":[\"a\"],\"PIN\":\"1\"}"))
                .isEqualTo(new Example("x", 3, true, List.of("a"), "1"));
        assertThat(read("{}")).isEqualTo(new Example(null, null, null, null, null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|Payload is required",
                "null|Payload is required",
                "{|The payload is not valid JSON",
                "{} {}|The payload must be a JSON object",
                "{\"number\":1,\"number\":1}|The payload is not valid JSON",
                "{\"number\":NaN}|The payload is not valid JSON",
                "{c'numberc':1}|The payload is not valid JSON",
                "{\"number\":1} // c|The payload is not valid JSON",
                "[]|The payload must be a JSON object",
                "\"x\"|The payload must be a JSON object",
                "{\"credentialId\":1}|credentialId is of the wrong type",
                "{\"credentialId\":true}|credentialId is of the wrong type",
                "{\"credentialId\":{}}|credentialId is of the wrong type",
                "{\"number\":\"1\"}|number is of the wrong type",
                "{\"number\":1.0}|number is of the wrong type",
                "{\"number\":true}|number is of the wrong type",
                "{\"flag\":\"true\"}|flag is of the wrong type",
                "{\"flag\":1}|flag is of the wrong type",
                "{\"hash\":\"a\"}|hash is of the wrong type",
                "{\"hash\":[1]}|hash is of the wrong type",
                "{\"hash\":[[\"a\"]]}|hash is of the wrong type",
                "{\"credentialid\":\"x\"}|The payload has a member that is not known here; did you mean credentialId?",
                "{\"PIM\":\"x\"}|The payload has a member that is not known here; did you mean PIN?"
            })
    void anything_else_is_refused_with_words_of_ours(String body, String description) {
        assertThatThrownBy(() -> read(body.replace("''", "").replace("c'", "'")))
                .isInstanceOfSatisfying(
                        ProtocolException.class,
                        refusal -> assertThat(refusal.description()).isEqualTo(description));
    }

    @Test
    void nothing_of_the_payload_is_repeated() {
        for (var body : List.of(
                "{\"hunter2-hunter2\":1}",
                "{\"number\":\"hunter2-hunter2\"}",
                "{\"number\":hunter2-hunter2}",
                "{\"number\":99999999999999}")) {
            assertThatThrownBy(() -> read(body))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageNotContaining("hunter2")
                    .hasMessageNotContaining("99999");
        }
    }

    @Test
    void deep_nesting_is_refused() {
        assertThatThrownBy(() -> read("{\"hash\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}"))
                .isInstanceOf(ProtocolException.class);
    }

    @Test
    void absent_members_are_not_written() throws IOException {
        var out = new ByteArrayOutputStream();
        json.writeTo(
                new Example("x", null, null, List.of(), null),
                Example.class,
                Example.class,
                new Annotation[0],
                MediaType.APPLICATION_JSON_TYPE,
                new MultivaluedHashMap<>(),
                out);
        assertThat(out).hasToString("{\"credentialId\":\"x\",\"hash\":[]}");
    }

    @Test
    void only_records_of_ours_pass() {
        assertThat(json.isReadable(String.class, String.class, new Annotation[0], null))
                .isFalse();
        assertThat(json.isWriteable(String.class, String.class, new Annotation[0], null))
                .isFalse();
        assertThat(json.isReadable(Example.class, Example.class, new Annotation[0], null))
                .isTrue();
    }
}

package org.countersign.systemtests.harness;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The output tables of CSC API 1.0.4.0 and 2.0.0.2, written as JSON schemas: every answer of {@link CscClient} is held against them. */
final class CscSchemas {

    private static final Map<String, JsonNode> SCHEMAS =
            Map.of("v1", read("/csc-1.0.4.0.json"), "v2", read("/csc-2.0.0.2.json"));

    /** Methods whose answers have no output values. */
    private static final Map<String, List<String>> NOTHING = Map.of(
            "v1", List.of("auth/revoke", "oauth2/revoke", "credentials/sendOTP"),
            "v2", List.of("auth/revoke", "oauth2/revoke", "credentials/getChallenge", "credentials/delete"));

    private CscSchemas() {}

    static void check(String version, String method, Answer answer) {
        if (answer.status() == 204) {
            assertThat(method).isIn(NOTHING.get(version));
            assertThat(answer.body()).isEmpty();
            return;
        }
        assertThat(answer.header("Content-Type").orElse("")).startsWith("application/json");
        assertThat(answer.header("Cache-Control")).contains("no-store");
        var schema = SCHEMAS.get(version).path(answer.status() == 202 ? "202" : answer.isOk() ? method : "error");
        assertThat(schema.isMissingNode()).as("an output table of %s", method).isFalse();
        assertThat(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(schema)
                        .validate(answer.json()))
                .as("%s answered %s", method, answer.body())
                .isEmpty();
    }

    private static JsonNode read(String name) {
        try (var in = CscSchemas.class.getResourceAsStream(name)) {
            return new JsonMapper().readTree(in);
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }
}

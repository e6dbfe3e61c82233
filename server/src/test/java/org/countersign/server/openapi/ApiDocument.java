package org.countersign.server.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.StreamSupport;
import org.countersign.core.specification.Scim;

/** The API's document as a WAR has it. */
final class ApiDocument {

    private static final Set<String> METHOD_NAMES = Set.of("get", "post", "put", "patch", "delete");

    private final JsonNode document;

    private ApiDocument(JsonNode document) {
        this.document = document;
    }

    /** The one on the class path. */
    static ApiDocument read() {
        try (var in = ApiDocument.class.getResourceAsStream("/openapi.json")) {
            return new ApiDocument(new JsonMapper().readTree(in));
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    JsonNode json() {
        return document;
    }

    /** By {@code METHOD address}. */
    Map<String, JsonNode> operations() {
        var operations = new TreeMap<String, JsonNode>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    assertThat(METHOD_NAMES).contains(operation.getKey());
                    operations.put(
                            operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(), operation.getValue());
                }));
        return operations;
    }

    JsonNode schemas() {
        return document.path("components").path("schemas");
    }

    void forEachSchema(BiConsumer<String, JsonNode> visitor) {
        schemas().properties().forEach(schema -> visitor.accept(schema.getKey(), schema.getValue()));
    }

    JsonNode resolve(JsonNode node) {
        if (!node.has("$ref")) {
            return node;
        }
        var target = document.at(node.path("$ref").asText().substring(1));
        assertThat(target.isMissingNode()).as(node.toString()).isFalse();
        return target;
    }

    /**
     * The codes a response may have: names, or numbers in the form that has them; in SCIM's form its status, as a text; none of a
     * success.
     */
    List<String> errors(JsonNode response) {
        var members = resolve(response)
                .path("content")
                .path(MediaType.APPLICATION_JSON)
                .path("schema")
                .path("properties");
        var codes = new ArrayList<>(texts(members.path("error").path("enum")));
        codes.addAll(texts(members.path("code").path("enum")));
        codes.addAll(texts(resolve(response)
                .path("content")
                .path(Scim.MEDIA_TYPE)
                .path("schema")
                .path("properties")
                .path("status")
                .path("enum")));
        return codes;
    }

    List<com.networknt.schema.Error> validate(JsonNode schema, JsonNode value) {
        ObjectNode whole = schema.deepCopy();
        whole.set("components", document.path("components"));
        return SchemaRegistry.withDialect(Dialects.getOpenApi31())
                .getSchema(whole)
                .validate(value);
    }

    static String schemaName(JsonNode schema) {
        return schema.path("$ref").asText().replaceAll(".*/", "");
    }

    static List<String> names(JsonNode object) {
        var names = new ArrayList<String>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    static List<String> texts(JsonNode array, String member) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(item -> item.path(member).asText())
                .toList();
    }
}

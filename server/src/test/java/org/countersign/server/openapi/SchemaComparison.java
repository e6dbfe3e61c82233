package org.countersign.server.openapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.countersign.server.openapi.ApiDocument.names;
import static org.countersign.server.openapi.ApiDocument.schemaName;
import static org.countersign.server.openapi.ApiDocument.texts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.InputStream;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.countersign.server.web.Form;

/** Holds the types of requests and answers against the document's schemas. A record's schema has its name. */
final class SchemaComparison {

    private static final JsonMapper JSON = new JsonMapper();

    private final ApiDocument document;

    SchemaComparison(ApiDocument document) {
        this.document = document;
    }

    /** A record's members, by the names Jackson gives them, against a schema's. */
    void compare(Class<?> type, JsonNode schema, boolean request, String where) {
        compare(type, components(type), schema, request, where);
    }

    private void compare(Class<?> type, Map<String, Type> records, JsonNode schema, boolean request, String where) {
        var declared = new TreeSet<>(names(schema.path("properties")));
        var expected = new TreeSet<String>();
        for (var property : properties(type, request)) {
            expected.add(property.getName());
            compareType(
                    records.get(property.getInternalName()),
                    schema.path("properties").path(property.getName()),
                    request,
                    where + " " + property.getName());
            if (request) {
                property.findAliases().forEach(alias -> {
                    expected.add(alias.getSimpleName());
                    compareType(
                            records.get(property.getInternalName()),
                            schema.path("properties").path(alias.getSimpleName()),
                            true,
                            where + " " + alias);
                });
            }
        }
        assertThat(declared).as(where).isEqualTo(expected);
        assertThat(schema.path("additionalProperties").isBoolean()
                        && !schema.path("additionalProperties").asBoolean())
                .as(where + " takes no other members")
                .isTrue();
        assertThat(expected).as(where).containsAll(texts(schema.path("required")));
    }

    void compareType(Type type, JsonNode schema, boolean request, String where) {
        var resolved = document.resolve(schema);
        if (type instanceof ParameterizedType generic && generic.getRawType() == List.class) {
            assertThat(kind(resolved)).as(where).isEqualTo("array");
            compareType(generic.getActualTypeArguments()[0], resolved.path("items"), request, where);
        } else if (type instanceof ParameterizedType generic && generic.getRawType() == Map.class) {
            assertThat(kind(resolved)).as(where).isEqualTo("object");
            compareType(generic.getActualTypeArguments()[1], resolved.path("additionalProperties"), request, where);
        } else if (type instanceof ParameterizedType generic
                && generic.getRawType() instanceof Class<?> raw
                && raw.isRecord()) {
            compare(raw, components(raw, generic), resolved, request, where);
        } else if (type instanceof Class<?> plain && plain.isRecord()) {
            assertThat(schemaName(schema)).as(where).isEqualTo(plain.getSimpleName());
            compare(plain, resolved, request, where);
        } else if (type instanceof Class<?> plain && plain.isEnum()) {
            assertThat(texts(resolved.path("enum")))
                    .as(where)
                    .containsExactlyElementsOf(Arrays.stream(plain.getEnumConstants())
                            .map(Object::toString)
                            .toList());
        } else {
            assertThat(kind(resolved)).as(where).isEqualTo(kind(type));
        }
    }

    /** The names of the schemas that a type needs. One for each use of a generic record is the document's to name. */
    static void collect(Type type, Set<String> names) {
        if (type instanceof ParameterizedType generic) {
            Arrays.stream(generic.getActualTypeArguments()).forEach(argument -> collect(argument, names));
        } else if (type instanceof Class<?> plain && plain.isRecord() && plain != Form.class) {
            names.add(plain.getSimpleName());
            components(plain).values().forEach(component -> collect(component, names));
        }
    }

    /** Bytes are the OpenAPI document, an object. */
    private static String kind(Type type) {
        if (type == String.class || type == UUID.class || type == InputStream.class) {
            return "string";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "boolean";
        }
        if (type == double.class || type == Double.class) {
            return "number";
        }
        if (Set.<Type>of(int.class, long.class, Integer.class, Long.class).contains(type)) {
            return "integer";
        }
        if (type == byte[].class || type == InputStream.class) {
            return "object";
        }
        throw new AssertionError("This test knows no schema of " + type);
    }

    private static String kind(JsonNode schema) {
        return schema.path("type").asText();
    }

    private static Map<String, Type> components(Class<?> type) {
        var components = new HashMap<String, Type>();
        for (var component : type.getRecordComponents()) {
            components.put(component.getName(), component.getGenericType());
        }
        return components;
    }

    /** With what the type parameters stand for. */
    private static Map<String, Type> components(Class<?> raw, ParameterizedType generic) {
        var components = components(raw);
        var parameters = List.of(raw.getTypeParameters());
        components.replaceAll((name, type) ->
                parameters.contains(type) ? generic.getActualTypeArguments()[parameters.indexOf(type)] : type);
        return components;
    }

    private static List<BeanPropertyDefinition> properties(Class<?> type, boolean request) {
        var java = JSON.constructType(type);
        return request
                ? JSON.getDeserializationConfig().introspect(java).findProperties()
                : JSON.getSerializationConfig().introspect(java).findProperties();
    }
}

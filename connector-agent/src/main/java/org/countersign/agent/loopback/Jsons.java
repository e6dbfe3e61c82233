package org.countersign.agent.loopback;

import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonConfig;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReaderFactory;
import jakarta.json.JsonValue;
import jakarta.json.JsonWriterFactory;
import jakarta.json.spi.JsonProvider;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** JSON as this agent reads and writes it: UTF-8, no name twice, no spaces between. */
public final class Jsons {

    private static final JsonProvider PROVIDER = JsonProvider.provider();
    private static final JsonWriterFactory WRITERS = PROVIDER.createWriterFactory(Map.of());
    private static final JsonReaderFactory READERS =
            PROVIDER.createReaderFactory(Map.of(JsonConfig.KEY_STRATEGY, JsonConfig.KeyStrategy.NONE));

    private Jsons() {}

    public static JsonObjectBuilder object() {
        return PROVIDER.createObjectBuilder();
    }

    /** Beginning with all that another has. */
    public static JsonObjectBuilder object(JsonObject other) {
        return PROVIDER.createObjectBuilder(other);
    }

    public static JsonArrayBuilder array() {
        return PROVIDER.createArrayBuilder();
    }

    public static JsonValue text(String text) {
        return PROVIDER.createValue(text);
    }

    public static JsonArrayBuilder texts(Collection<String> texts) {
        var array = array();
        texts.forEach(array::add);
        return array;
    }

    public static byte[] bytes(JsonValue value) {
        var bytes = new ByteArrayOutputStream();
        try (var writer = WRITERS.createWriter(bytes, StandardCharsets.UTF_8)) {
            writer.write(value);
        }
        return bytes.toByteArray();
    }

    /** Nothing when it is not one JSON object. */
    public static Optional<JsonObject> parse(byte[] bytes) {
        try (var reader = READERS.createReader(new ByteArrayInputStream(bytes), StandardCharsets.UTF_8)) {
            return reader.read() instanceof JsonObject object ? Optional.of(object) : Optional.empty();
        } catch (RuntimeException malformed) {
            // Of any kind: Parsson has its own for what is nested too deep and for numbers that are too long.
            return Optional.empty();
        }
    }
}

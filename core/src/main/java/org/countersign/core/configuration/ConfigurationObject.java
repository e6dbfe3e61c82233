package org.countersign.core.configuration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One object of a configuration file, read key by key. Every reader notes what is wrong in the {@link Problems} and goes
 * on with a harmless value, so that one pass finds every error; {@link #refuseUnknownKeys()} ends the reading.
 */
public final class ConfigurationObject {

    enum Kind {
        FILE,
        PRESENT,
        ABSENT
    }

    private final String path;
    private final JsonNode node;
    private final Problems problems;
    private final Path folder;
    private final Kind kind;
    private final Set<String> known = new LinkedHashSet<>();

    /** @param folder where relative files begin */
    ConfigurationObject(String path, JsonNode node, Problems problems, Path folder, Kind kind) {
        this.path = path;
        this.node = node;
        this.problems = problems;
        this.folder = folder;
        this.kind = kind;
    }

    /** Whether the file has this object; an absent one gives defaults and no errors about missing keys of its own. */
    public boolean isPresent() {
        return kind != Kind.ABSENT;
    }

    /** The path of a key in this object, for messages. */
    public String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    public Problems problems() {
        return problems;
    }

    public boolean has(String key) {
        known.add(key);
        return node.hasNonNull(key);
    }

    public Optional<String> text(String key) {
        known.add(key);
        var value = node.get(key);
        if (value == null || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            problems.error(pathOf(key), "must be a string");
            return Optional.empty();
        }
        return Optional.of(value.textValue());
    }

    public String requiredText(String key) {
        var value = text(key);
        if (value.isEmpty() || value.get().isBlank()) {
            if (!wrongType(key)) {
                problems.error(pathOf(key), "is required");
            }
            return "";
        }
        return value.get();
    }

    /** The string, or what its {@code ${env:NAME}} or {@code ${file:PATH}} stands for; a missing source is an error. */
    public Optional<String> resolved(String key, Map<String, String> environment) {
        var reference = secret(key);
        var value = reference.flatMap(secret -> secret.resolve(environment));
        if (reference.isPresent() && value.isEmpty()) {
            problems.error(pathOf(key), reference.get().origin() + " is missing or empty");
        }
        return value;
    }

    public Optional<SecretReference> secret(String key) {
        return text(key).map(text -> new SecretReference(text, folder));
    }

    public boolean flag(String key, boolean defaultValue) {
        known.add(key);
        var value = node.get(key);
        if (value == null || value.isNull()) {
            return defaultValue;
        }
        if (!value.isBoolean()) {
            problems.error(pathOf(key), "must be true or false");
            return defaultValue;
        }
        return value.booleanValue();
    }

    public int number(String key, int defaultValue, int least, int most) {
        known.add(key);
        var value = node.get(key);
        if (value == null || value.isNull()) {
            return defaultValue;
        }
        if (!value.isInt() || value.intValue() < least || value.intValue() > most) {
            problems.error(pathOf(key), "must be a whole number from " + least + " to " + most);
            return defaultValue;
        }
        return value.intValue();
    }

    /** A value out of an enumeration, compared without case. */
    public <E extends Enum<E>> E choice(String key, Class<E> type, E defaultValue) {
        var text = text(key);
        if (text.isEmpty()) {
            return defaultValue;
        }
        for (E candidate : type.getEnumConstants()) {
            if (candidate.toString().equalsIgnoreCase(text.get())) {
                return candidate;
            }
        }
        var allowed =
                Arrays.stream(type.getEnumConstants()).map(Object::toString).collect(Collectors.joining(", "));
        problems.error(pathOf(key), "must be one of " + allowed);
        return defaultValue;
    }

    public List<String> texts(String key) {
        known.add(key);
        var value = node.get(key);
        var result = new ArrayList<String>();
        if (value == null || value.isNull()) {
            return result;
        }
        if (!value.isArray()) {
            problems.error(pathOf(key), "must be a list of strings, [\"…\"]");
            return result;
        }
        for (int i = 0; i < value.size(); i++) {
            if (value.get(i).isTextual()) {
                result.add(value.get(i).textValue());
            } else {
                problems.error(pathOf(key) + "[" + i + "]", "must be a string");
            }
        }
        return result;
    }

    /** A nested object; when the file has none, an absent one. */
    public ConfigurationObject object(String key) {
        known.add(key);
        var value = node.get(key);
        if (value == null || value.isNull()) {
            return absent(key);
        }
        if (!value.isObject()) {
            problems.error(pathOf(key), "must be an object, {…}");
            return absent(key);
        }
        return new ConfigurationObject(pathOf(key), value, problems, folder, Kind.PRESENT);
    }

    /** A list of objects; empty when the file has none. */
    public List<ConfigurationObject> objects(String key) {
        known.add(key);
        var value = node.get(key);
        var result = new ArrayList<ConfigurationObject>();
        if (value == null || value.isNull()) {
            return result;
        }
        if (!value.isArray()) {
            problems.error(pathOf(key), "must be a list of objects, [{…}]");
            return result;
        }
        for (int i = 0; i < value.size(); i++) {
            var itemPath = pathOf(key) + "[" + i + "]";
            if (value.get(i).isObject()) {
                result.add(new ConfigurationObject(itemPath, value.get(i), problems, folder, Kind.PRESENT));
            } else {
                problems.error(itemPath, "must be an object, {…}");
            }
        }
        return result;
    }

    /** Says that keys are known although this version does nothing with them. */
    public void accept(String... keys) {
        known.addAll(List.of(keys));
    }

    /** Notes every key nobody asked for, with the nearest one that is known. */
    public void refuseUnknownKeys() {
        node.fieldNames().forEachRemaining(key -> {
            if (!known.contains(key)) {
                var hint = NearestName.of(key, known)
                        .map(name -> "; did you mean " + name + "?")
                        .orElse("");
                problems.error(pathOf(key), "is not known" + hint + " (known here: " + String.join(", ", known) + ")");
            }
        });
    }

    private boolean wrongType(String key) {
        var value = node.get(key);
        return value != null && !value.isNull() && !value.isTextual();
    }

    private ConfigurationObject absent(String key) {
        return new ConfigurationObject(
                pathOf(key), new ObjectNode(JsonNodeFactory.instance), problems, folder, Kind.ABSENT);
    }
}

package org.countersign.core.configuration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.countersign.core.configuration.ConfigurationObject.Kind;

/** Reads a configuration file: JSON with {@code //} comments, as the seed's examples have them. */
public final class JsonConfiguration {

    private static final long MAX_BYTES = 4L << 20;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            // The seed's example breaks its long "authorities" strings over two lines.
            .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonConfiguration() {}

    /** @throws ConfigurationException when the file is missing, too large or not a JSON object; the message names line and column */
    public static ConfigurationObject read(Path file, Problems problems) {
        return new ConfigurationObject(
                "", tree(file), problems, file.toAbsolutePath().getParent(), Kind.FILE);
    }

    /**
     * The file as it stands, for who compares files.
     *
     * @throws ConfigurationException as {@link #read}
     */
    public static JsonNode tree(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                throw broken(file, "the file does not exist");
            }
            if (Files.size(file) > MAX_BYTES) {
                throw broken(file, "the file is larger than 4 MiB");
            }
            var tree = MAPPER.readTree(Files.readString(file));
            if (tree == null || !tree.isObject()) {
                throw broken(file, "the file must hold one JSON object, {…}");
            }
            return tree;
        } catch (JsonProcessingException notJson) {
            // Only where, not Jackson's message: that one quotes the source, in which secrets may stand.
            var where = notJson.getLocation();
            throw broken(file, "not valid JSON near line " + where.getLineNr() + ", column " + where.getColumnNr());
        } catch (IOException unreadable) {
            throw broken(file, "the file can not be read");
        }
    }

    private static ConfigurationException broken(Path file, String message) {
        return new ConfigurationException(file.toString(), List.of(message));
    }
}

package org.countersign.core.configuration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A secret as a configuration file names it: in place, {@code ${env:NAME}} or {@code ${file:PATH}} (trailing line ends of
 * the file do not count). Never prints what it stands for.
 */
public final class SecretReference {

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{(env|file):([^}]+)}");
    private static final long MAX_FILE_BYTES = 16_384;

    private final String text;
    private final Path folder;

    /** @param folder where a relative PATH begins: the configuration file's own */
    public SecretReference(String text, Path folder) {
        this.text = text;
        this.folder = folder;
    }

    /** Whether the secret itself stands in the file. */
    public boolean isInPlace() {
        return !REFERENCE.matcher(text).matches();
    }

    /** Where the secret comes from, for messages: {@code environment variable X}, {@code file Y} or {@code the file itself}. */
    public String origin() {
        var matcher = REFERENCE.matcher(text);
        if (!matcher.matches()) {
            return "the configuration file itself";
        }
        return ("env".equals(matcher.group(1)) ? "environment variable " : "file ") + matcher.group(2);
    }

    /** The secret, or empty when the variable or file is missing or empty. */
    public Optional<String> resolve(Map<String, String> environment) {
        var matcher = REFERENCE.matcher(text);
        if (!matcher.matches()) {
            return Optional.of(text).filter(value -> !value.isEmpty());
        }
        if ("env".equals(matcher.group(1))) {
            return Optional.ofNullable(environment.get(matcher.group(2))).filter(value -> !value.isEmpty());
        }
        return read(matcher.group(2)).filter(value -> !value.isEmpty());
    }

    private Optional<String> read(String path) {
        try {
            var file = folder.resolve(path);
            if (!Files.isRegularFile(file) || Files.size(file) > MAX_FILE_BYTES) {
                return Optional.empty();
            }
            return Optional.of(Files.readString(file).stripTrailing());
        } catch (IOException | InvalidPathException unreadable) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return "a secret from " + origin();
    }
}

package org.countersign.server.tenancy;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.countersign.core.configuration.ConfigurationException;

/**
 * Finds the configuration file of a context: the system property {@code signer-0.1.4.config.location} (or the environment
 * variable {@code SIGNER_0_1_4_CONFIG_LOCATION}) names a properties file as {@code file:/…}, whose line
 * {@code configuration.fileName} names the JSON file, {@code $CONTEXT_NAME} standing for the context. Every version of a
 * product has its own property, so that versions run side by side.
 */
public final class ConfigurationLocation {

    private static final String FILE_NAME = "configuration.fileName";
    private static final String SCHEME = "file:";

    private final String product;
    private final String version;

    /**
     * @param product {@code signer}, {@code ds} or {@code wallet}
     * @param version the WAR's own, {@code 0.1.4}
     */
    public ConfigurationLocation(String product, String version) {
        this.product = product;
        this.version = version;
    }

    public String systemProperty() {
        return product + "-" + version + ".config.location";
    }

    public String environmentVariable() {
        return systemProperty().toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    /** @throws ConfigurationException naming the step that failed and what it expects */
    public Path find(ContextName context, Properties system, Map<String, String> environment) {
        var location = Optional.ofNullable(system.getProperty(systemProperty()))
                .or(() -> Optional.ofNullable(environment.get(environmentVariable())))
                .orElseThrow(() -> failed(
                        "system property " + systemProperty(),
                        "is not set, nor is the environment variable " + environmentVariable()
                                + "; expected file:/PATH/application.properties"));
        return named(Path.of(location.startsWith(SCHEME) ? location.substring(SCHEME.length()) : location), context);
    }

    /**
     * The configuration file that a version's properties file names for a context.
     *
     * @throws ConfigurationException naming the step that failed and what it expects
     */
    public static Path named(Path file, ContextName context) {
        var name = properties(file).getProperty(FILE_NAME);
        if (name == null || name.isBlank()) {
            throw failed(file.toString(), "has no line " + FILE_NAME + "=/PATH/$CONTEXT_NAME.json");
        }
        return file.toAbsolutePath().resolveSibling(name.strip().replace("$CONTEXT_NAME", context.company()));
    }

    private static Properties properties(Path file) {
        var properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
            return properties;
        } catch (IOException | IllegalArgumentException unreadable) {
            throw failed(file.toString(), "does not exist or can not be read as a properties file");
        }
    }

    private static ConfigurationException failed(String source, String message) {
        return new ConfigurationException(source, List.of(message));
    }
}

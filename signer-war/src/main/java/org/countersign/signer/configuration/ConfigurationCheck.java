package org.countersign.signer.configuration;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.countersign.core.configuration.ConfigurationException;
import org.countersign.server.tenancy.ContextName;

/**
 * Reads a company's file as this version would, without starting anything. For the command line, which calls it in a
 * class loader over another version's WAR; so its signature has types of Java alone, and stays as it is.
 */
public final class ConfigurationCheck {

    private ConfigurationCheck() {}

    /**
     * What is wrong with a file.
     *
     * @param context the deployment's name
     * @param environment where the file's references lead
     * @return {@code errors}, one text with all of them or none, and {@code warnings}
     */
    public static Map<String, List<String>> check(Path file, String context, Map<String, String> environment) {
        try {
            var read = SignerConfiguration.inspect(file, new ContextName(context), environment);
            return Map.of("errors", List.of(), "warnings", read.warnings());
        } catch (ConfigurationException refused) {
            return Map.of("errors", List.of(refused.getMessage()), "warnings", List.of());
        }
    }
}

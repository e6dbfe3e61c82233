package org.countersign.core.configuration;

import java.util.ArrayList;
import java.util.List;

/** Collects everything wrong with a configuration, so that an administrator is told once and of all of it. */
public final class Problems {

    private final List<String> errors = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    /**
     * Notes an error, once: what is read twice is wrong once.
     *
     * @param key where, as a path such as {@code oAuthClientDetails[1].clientId}
     * @param message what is wrong and what is allowed; never a secret's value
     */
    public void error(String key, String message) {
        var error = key + ": " + message;
        if (!errors.contains(error)) {
            errors.add(error);
        }
    }

    public void warning(String key, String message) {
        warnings.add(key + ": " + message);
    }

    public List<String> errors() {
        return List.copyOf(errors);
    }

    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** @throws ConfigurationException with every error so far, when there is one */
    public void throwIfAny(String source) {
        if (!errors.isEmpty()) {
            throw new ConfigurationException(source, errors);
        }
    }
}

package org.countersign.core.configuration;

import java.util.List;

/** A configuration that can not be used; the message lists every error in it. */
public final class ConfigurationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ConfigurationException(String source, List<String> errors) {
        super(errors.size() + (errors.size() == 1 ? " error in " : " errors in ") + source + ":\n  - "
                + String.join("\n  - ", errors));
    }
}

package org.countersign.server.web;

import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Optional;
import org.countersign.core.error.ProtocolException;

/** A form's parameters as OAuth 2.0 wants them: none twice (RFC 6749 §3.2), an empty one as if left out. */
public record Form(MultivaluedMap<String, String> parameters) {

    private static final int MAX_LENGTH = 8_192;

    public Form {
        if (parameters == null || parameters.isEmpty()) {
            throw ProtocolException.invalidRequest("Payload is required");
        }
        for (var values : parameters.values()) {
            if (values.size() > 1) {
                throw ProtocolException.invalidRequest("A parameter must not be sent twice");
            }
        }
    }

    public Optional<String> get(String name) {
        var value = parameters.getFirst(name);
        if (value != null && value.length() > MAX_LENGTH) {
            throw ProtocolException.invalidRequest("A parameter is too long");
        }
        return Optional.ofNullable(value).filter(text -> !text.isEmpty());
    }
}

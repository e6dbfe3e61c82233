package org.countersign.server.web;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.countersign.core.error.ProtocolException;

/** A form's parameters as OAuth 2.0 wants them: none twice (RFC 6749 §3.2), an empty one as if left out. */
public record Form(Map<String, String> parameters) {

    private static final int MAX_LENGTH = 8_192;

    public Form {
        parameters = Map.copyOf(parameters);
    }

    /** @param body {@code name=value&name=value}, percent-encoded UTF-8 */
    static Form parse(String body) {
        if (body.isEmpty()) {
            throw ProtocolException.invalidRequest("Payload is required");
        }
        var parameters = new LinkedHashMap<String, String>();
        for (String pair : body.split("&")) {
            int equals = pair.indexOf('=');
            var name = decode(equals < 0 ? pair : pair.substring(0, equals));
            var value = equals < 0 ? "" : decode(pair.substring(equals + 1));
            if (parameters.put(name, value) != null) {
                throw ProtocolException.invalidRequest("A parameter must not be sent twice");
            }
        }
        return new Form(parameters);
    }

    /** A body that is there: some servers hand on none instead of an empty one. */
    public static Form required(Form form) {
        if (form == null) {
            throw ProtocolException.invalidRequest("Payload is required");
        }
        return form;
    }

    public Optional<String> get(String name) {
        return get(name, MAX_LENGTH);
    }

    /** One that may be longer than others. */
    private Optional<String> get(String name, int longest) {
        var value = parameters.get(name);
        if (value != null && value.length() > longest) {
            throw ProtocolException.invalidRequest("A parameter is too long");
        }
        return Optional.ofNullable(value).filter(text -> !text.isEmpty());
    }

    /** @throws ProtocolException {@code invalid_request} when it is missing */
    public String require(String name) {
        return require(name, MAX_LENGTH);
    }

    /**
     * One that may be longer than others.
     *
     * @throws ProtocolException {@code invalid_request} when it is missing or still too long
     */
    public String require(String name, int longest) {
        return get(name, longest).orElseThrow(() -> ProtocolException.invalidRequest(name + " is required"));
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw ProtocolException.invalidRequest("The payload is not a valid form");
        }
    }

    /** Leaves the values out: secrets are among them. */
    @Override
    public String toString() {
        return "a form of " + parameters.size() + " parameters";
    }
}

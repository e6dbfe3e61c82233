package org.countersign.signer.csc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.web.JsonBodies;

/**
 * The parameters of a method, with the specification's words for what is wrong. A parameter that is null counts as left out;
 * what a method does not know is ignored; no body is no parameters.
 */
final class CscRequest {

    static final String WRONG_LENGTH = "Invalid digest value length";
    /** What both versions call hashes in their refusals, though they are the parameter {@code hashes} in 2.0.0.2. */
    static final String HASH = "hash";

    private static final int MOST = 1_000;
    /** 128 bits at most, as decimal digits or, with a letter among them or behind 0x, as hexadecimal ones. */
    private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,38}");

    private static final Pattern HEXADECIMAL = Pattern.compile("(?:0x)?([0-9A-Fa-f]{1,32})");

    private final ObjectNode parameters;

    private CscRequest(ObjectNode parameters) {
        this.parameters = parameters;
    }

    /** @param body a JSON object, or nothing */
    static CscRequest of(byte[] body) {
        var request = new CscRequest(
                body == null || body.length == 0
                        ? JsonNodeFactory.instance.objectNode()
                        : JsonBodies.parse(body, ObjectNode.class));
        // Arbitrary, for the client alone; in every method.
        request.text("clientData");
        return request;
    }

    /** As {@link #of(byte[])}, with documents in it. */
    static CscRequest withDocuments(byte[] body) {
        var request = new CscRequest(
                body.length == 0
                        ? JsonNodeFactory.instance.objectNode()
                        : JsonBodies.parse(body, ObjectNode.class, body.length));
        request.text("clientData");
        return request;
    }

    /** An object with parameters of its own, which has to be there. */
    CscRequest requiredObject(String name) {
        if (!(parameter(name) instanceof ObjectNode object)) {
            throw missing("object", name);
        }
        return new CscRequest(object);
    }

    /** The elements of an array, each with parameters of its own. */
    List<CscRequest> objects(String name, int most) {
        return objects(name, most, "array");
    }

    /** @param kind what its refusal calls it */
    List<CscRequest> objects(String name, int most, String kind) {
        var array = parameter(name);
        if (!array.isArray() || array.size() > most) {
            throw ProtocolException.invalidRequest("Invalid " + kind + " parameter " + name);
        }
        var objects = new ArrayList<CscRequest>();
        for (var element : array) {
            if (!(element instanceof ObjectNode object)) {
                throw ProtocolException.invalidRequest("Invalid " + kind + " parameter " + name);
            }
            objects.add(new CscRequest(object));
        }
        return objects;
    }

    boolean has(String name) {
        return !parameter(name).isMissingNode();
    }

    String requiredText(String name) {
        var value = parameter(name);
        if (!value.isTextual()) {
            throw missing("string", name);
        }
        return value.textValue();
    }

    Optional<String> text(String name) {
        var value = parameter(name);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw invalid(name);
        }
        return Optional.of(value.textValue());
    }

    boolean flag(String name) {
        var value = parameter(name);
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw invalid(name);
        }
        return value.booleanValue();
    }

    /** @return a number beyond what {@code int} holds as the nearest one that it does */
    int requiredInteger(String name) {
        var value = parameter(name);
        if (!value.isIntegralNumber()) {
            throw missing("integer", name);
        }
        return clamped(value);
    }

    Optional<Integer> integer(String name) {
        var value = parameter(name);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (!value.isIntegralNumber()) {
            throw invalid(name);
        }
        return Optional.of(clamped(value));
    }

    private static int clamped(JsonNode value) {
        if (value.canConvertToInt()) {
            return value.intValue();
        }
        return value.bigIntegerValue().signum() < 0 ? Integer.MIN_VALUE : Integer.MAX_VALUE;
    }

    /** The hashes, which have to be there. */
    List<byte[]> requiredHashes(String name) {
        return requiredHashes(name, HASH);
    }

    List<byte[]> requiredHashes(String name, String refusedAs) {
        if (!parameter(name).isArray()) {
            throw missing("array", refusedAs);
        }
        return hashes(name, refusedAs);
    }

    /** Base64 in its one canonical form; what is not there is none. */
    List<byte[]> hashes(String name) {
        return hashes(name, HASH);
    }

    /** @param refusedAs what a refusal calls one that is not base64 */
    List<byte[]> hashes(String name, String refusedAs) {
        var value = parameter(name);
        if (value.isMissingNode()) {
            return List.of();
        }
        if (!value.isArray()) {
            throw missing("array", HASH);
        }
        if (value.isEmpty()) {
            throw ProtocolException.invalidRequest("Empty hash array");
        }
        if (value.size() > MOST) {
            throw invalid(name);
        }
        var hashes = new ArrayList<byte[]>(value.size());
        value.forEach(element -> hashes.add(base64(element).orElseThrow(() -> notBase64(refusedAs))));
        return hashes;
    }

    /** Values by the identifiers that go with them, as {@code authData} has them. */
    Map<String, String> values(String name) {
        var array = parameter(name);
        if (!array.isArray()) {
            throw missing("array", name);
        }
        var values = new HashMap<String, String>();
        for (var element : array) {
            var id = element.path("id");
            var value = element.path("value");
            if (!id.isTextual()
                    || !(value.isTextual() || value.isMissingNode() || value.isNull())
                    || values.containsKey(id.textValue())) {
                throw invalid(name);
            }
            values.put(id.textValue(), value.textValue());
        }
        return values;
    }

    /** One value in base64, in its one canonical form. */
    byte[] requiredBase64(String name) {
        requiredText(name);
        return base64(parameter(name)).orElseThrow(() -> notBase64(name));
    }

    /** As {@link #requiredBase64(String)}, refused as a parameter of another name. */
    byte[] requiredBase64(String name, String refusedAs) {
        requiredText(name);
        return base64(parameter(name)).orElseThrow(() -> notBase64(refusedAs));
    }

    /** A number that was used once; the specification calls it a string and gives it no form. */
    Optional<BigInteger> nonce(String name) {
        return text(name).map(text -> {
            if (DECIMAL.matcher(text).matches()) {
                return new BigInteger(text);
            }
            var digits = HEXADECIMAL.matcher(text);
            if (!digits.matches()) {
                throw invalid(name);
            }
            return new BigInteger(digits.group(1), 16);
        });
    }

    private static ProtocolException notBase64(String name) {
        return ProtocolException.invalidRequest("Invalid Base64 " + name + " string parameter");
    }

    private static Optional<byte[]> base64(JsonNode element) {
        if (!element.isTextual()) {
            return Optional.empty();
        }
        try {
            var bytes = Base64.getDecoder().decode(element.textValue());
            return Optional.of(bytes)
                    .filter(decoded -> decoded.length > 0
                            && Base64.getEncoder().encodeToString(decoded).equals(element.textValue()));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private JsonNode parameter(String name) {
        var value = parameters.path(name);
        return value.isNull() ? MissingNode.getInstance() : value;
    }

    static ProtocolException missing(String type, String name) {
        return ProtocolException.invalidRequest("Missing (or invalid type) " + type + " parameter " + name);
    }

    static ProtocolException invalid(String name) {
        return ProtocolException.invalidRequest("Invalid parameter " + name);
    }
}

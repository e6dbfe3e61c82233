package org.countersign.wallet.organisations;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.countersign.core.error.ProtocolException;

/**
 * What the configuration of an organisation's wallets says: a JSON object of the known parts, each an object whose members the wallet
 * app understands, not this server.
 *
 * @param json 64 KiB at most
 */
public record Profile(String json) {

    /** One that says nothing. */
    static final Profile EMPTY = new Profile("{}");

    static final int LONGEST = 65_536;

    private static final List<String> PARTS = List.of(
            "generalOptions",
            "helpCenterOptions",
            "selfSovereignIdentityOptions",
            "settingsMenu",
            "walletSecurityOptions",
            "blockchainOptions",
            "discoverCardsOptions");

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** @throws ProtocolException {@code invalid_request} for anything else */
    public static Profile parse(byte[] bytes) {
        if (bytes == null || bytes.length == 0) {
            throw ProtocolException.invalidRequest("Payload is required");
        }
        try {
            var profile = JSON.readTree(bytes);
            if (!profile.isObject()) {
                throw ProtocolException.invalidRequest("A profile is a JSON object");
            }
            for (var part : profile.properties()) {
                requirePart(part.getKey(), part.getValue());
            }
            var json = JSON.writeValueAsString(profile);
            if (json.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > LONGEST) {
                throw ProtocolException.invalidRequest("A profile has at most 64 KiB");
            }
            return new Profile(json);
        } catch (IOException malformed) {
            throw ProtocolException.invalidRequest("The payload is not valid JSON");
        }
    }

    private static void requirePart(String name, JsonNode part) {
        if (!PARTS.contains(name) || !part.isObject()) {
            throw ProtocolException.invalidRequest(
                    "The members of a profile are objects, of these names: " + String.join(", ", PARTS));
        }
    }

    /** The parts by name. */
    public Map<String, Object> parts() {
        try {
            return JSON.readValue(json, new TypeReference<>() {});
        } catch (JsonProcessingException changed) {
            throw new IllegalStateException("A stored profile is malformed", changed);
        }
    }
}

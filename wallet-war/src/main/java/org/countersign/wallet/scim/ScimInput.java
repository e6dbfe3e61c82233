package org.countersign.wallet.scim;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.ScimError;
import org.countersign.wallet.organisations.Login;
import org.countersign.wallet.scim.ScimAttributes.ScimEmail;
import org.countersign.wallet.scim.ScimAttributes.ScimName;

/**
 * What clients send. Names of attributes have no case (RFC 7643 §2.1), members that nobody here knows are left out, {@code null} is as if
 * absent (§2.5), and a boolean may be a text, as some directories write it.
 */
final class ScimInput {

    private static final int LONGEST_TEXT = 8_192;
    private static final int DEEPEST = 10;
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(LONGEST_TEXT)
                            .maxNestingDepth(DEEPEST)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private ScimInput() {}

    /** @throws ProtocolException {@code invalidSyntax} unless it is an object of this schema */
    static JsonNode parse(byte[] body, String schema) {
        try {
            var object = body == null ? null : JSON.readTree(body);
            if (object != null && object.isObject()) {
                for (var named : get(object, "schemas").orElse(JSON.createArrayNode())) {
                    if (schema.equalsIgnoreCase(named.asText())) {
                        return object;
                    }
                }
            }
        } catch (IOException malformed) {
            // said below
        }
        throw new ProtocolException(
                ScimError.INVALID_SYNTAX, "The payload must be a JSON object of the schema " + schema);
    }

    /** A member, whatever its case. */
    static Optional<JsonNode> get(JsonNode object, String name) {
        return object.properties().stream()
                .filter(member -> member.getKey().equalsIgnoreCase(name))
                .map(java.util.Map.Entry::getValue)
                .filter(value -> !value.isNull())
                .findFirst();
    }

    /**
     * A whole user, as POST and PUT have it.
     *
     * @param active when it does not say
     * @throws ProtocolException {@code invalidValue}
     */
    static ScimUser.Content user(byte[] body, boolean active) {
        var object = parse(body, org.countersign.core.specification.Scim.USER);
        return new ScimUser.Content(
                login(get(object, "userName").orElse(null)),
                get(object, "externalId").map(value -> text("externalId", value)),
                get(object, "active").map(ScimInput::active).orElse(active),
                new ScimAttributes(
                        get(object, "name").flatMap(ScimInput::name).orElse(null),
                        get(object, "displayName")
                                .map(value -> text("displayName", value))
                                .orElse(null),
                        get(object, "emails").map(ScimInput::emails).orElse(List.of())));
    }

    static Login login(JsonNode value) {
        return Login.parse(value == null ? null : text("userName", value))
                .orElseThrow(() -> ScimAttributes.invalid("userName must have the form of an e-mail address"));
    }

    static boolean active(JsonNode value) {
        if (value.isBoolean()) {
            return value.booleanValue();
        }
        if (value.isTextual() && value.textValue().equalsIgnoreCase("true")) {
            return true;
        }
        if (value.isTextual() && value.textValue().equalsIgnoreCase("false")) {
            return false;
        }
        throw ScimAttributes.invalid("active must be true or false");
    }

    static Optional<ScimName> name(JsonNode value) {
        if (!value.isObject()) {
            throw ScimAttributes.invalid("name must be an object");
        }
        var name = new ScimName(part(value, "formatted"), part(value, "familyName"), part(value, "givenName"));
        return name.isEmpty() ? Optional.empty() : Optional.of(name);
    }

    private static String part(JsonNode object, String name) {
        return get(object, name).map(value -> text("name." + name, value)).orElse(null);
    }

    /** One, or a list of them. */
    static List<ScimEmail> emails(JsonNode value) {
        var emails = new ArrayList<ScimEmail>();
        if (value.isArray()) {
            value.forEach(email -> emails.add(email(email)));
        } else {
            emails.add(email(value));
        }
        return emails;
    }

    private static ScimEmail email(JsonNode value) {
        if (!value.isObject()) {
            throw ScimAttributes.invalid("A value of emails is an object");
        }
        return new ScimEmail(
                get(value, "value").map(text -> text("emails.value", text)).orElse(null),
                get(value, "type").map(text -> text("emails.type", text)).orElse(null),
                get(value, "primary").map(ScimInput::primary).orElse(null));
    }

    private static Boolean primary(JsonNode value) {
        if (!value.isBoolean()) {
            throw ScimAttributes.invalid("emails.primary must be true or false");
        }
        return value.booleanValue();
    }

    static String text(String name, JsonNode value) {
        if (!value.isTextual()) {
            throw ScimAttributes.invalid(name + " must be a text");
        }
        return ScimAttributes.text(name, value.textValue());
    }
}

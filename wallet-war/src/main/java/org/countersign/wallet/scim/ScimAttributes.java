package org.countersign.wallet.scim;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.ScimError;

/**
 * What is kept of a user beside login and state (RFC 7643 §4.1). Absent members are null.
 *
 * @param emails 10 at most, never null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ScimAttributes(ScimName name, String displayName, List<ScimEmail> emails) {

    static final ScimAttributes NONE = new ScimAttributes(null, null, List.of());
    static final int MOST_EMAILS = 10;

    private static final int LONGEST = 255;
    private static final int LONGEST_STORED = 16_384;
    private static final JsonMapper JSON = new JsonMapper();

    ScimAttributes {
        emails = emails == null ? List.of() : List.copyOf(emails);
        if (emails.size() > MOST_EMAILS) {
            throw invalid("emails has at most " + MOST_EMAILS + " values");
        }
    }

    /** RFC 7643 §4.1.1, as far as it is kept. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ScimName(String formatted, String familyName, String givenName) {

        public ScimName {
            text("name.formatted", formatted);
            text("name.familyName", familyName);
            text("name.givenName", givenName);
        }

        boolean isEmpty() {
            return formatted == null && familyName == null && givenName == null;
        }
    }

    /** RFC 7643 §4.1.2, §2.4. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ScimEmail(String value, String type, Boolean primary) {

        public ScimEmail {
            text("emails.value", value);
            text("emails.type", type);
            if (value == null || value.isEmpty()) {
                throw invalid("A value of emails has a value");
            }
        }
    }

    /** A text that may be kept; null is none. */
    static String text(String name, String text) {
        if (text != null && (text.length() > LONGEST || text.chars().anyMatch(Character::isISOControl))) {
            throw invalid(name + " has at most " + LONGEST + " characters, none of them a control character");
        }
        return text;
    }

    static ProtocolException invalid(String description) {
        return new ProtocolException(ScimError.INVALID_VALUE, description);
    }

    /** As the database has it. */
    String stored() {
        try {
            var json = JSON.writeValueAsString(this);
            if (json.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > LONGEST_STORED) {
                throw invalid("Names and addresses are too long together");
            }
            return json;
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("Attributes that are not JSON", impossible);
        }
    }

    /** @param json what {@link #stored} gave, or null */
    static ScimAttributes read(String json) {
        try {
            return json == null ? NONE : JSON.readValue(json, ScimAttributes.class);
        } catch (JsonProcessingException changed) {
            throw new IllegalStateException("Stored attributes are malformed", changed);
        }
    }
}

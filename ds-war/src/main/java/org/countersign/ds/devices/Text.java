package org.countersign.ds.devices;

import java.util.regex.Pattern;
import org.countersign.core.error.ProtocolException;

/** Members of requests that are texts, each with a limit. */
public final class Text {

    private Text() {}

    /** 1 to so many characters, none of them a control character or half of one. */
    public static String required(String name, String value, int longest) {
        var text = optional(name, value, longest);
        if (text == null || text.isBlank()) {
            throw refusal(name, 1, longest);
        }
        return text;
    }

    /** Null, or up to so many characters, none of them a control character or half of one. */
    public static String optional(String name, String value, int longest) {
        if (value != null
                && (value.length() > longest
                        || value.codePoints()
                                .anyMatch(c ->
                                        Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE))) {
            throw refusal(name, 0, longest);
        }
        return value;
    }

    public static String matching(String name, String value, Pattern pattern) {
        if (value == null || !pattern.matcher(value).matches()) {
            throw ProtocolException.invalidRequest(name + " is not as documented");
        }
        return value;
    }

    private static ProtocolException refusal(String name, int least, int most) {
        return ProtocolException.invalidRequest(
                name + " must have " + least + " to " + most + " characters, none of them a control character");
    }
}

package org.countersign.ds.modules;

import java.util.List;
import org.countersign.core.error.ProtocolException;

/** Texts that operators give. */
final class Texts {

    private static final int LONGEST = 500;
    private static final int MOST = 50;

    private Texts() {}

    /** @throws ProtocolException {@code invalid_request} unless 1 to 500 characters, none of them a control character */
    static String line(String member, String given) {
        var text = given == null ? "" : given.strip();
        if (text.isEmpty() || text.length() > LONGEST || text.chars().anyMatch(Character::isISOControl)) {
            throw ProtocolException.invalidRequest(
                    member + " must have 1 to " + LONGEST + " characters, none of them a control character");
        }
        return text;
    }

    /** @throws ProtocolException {@code invalid_request} unless there are 1 to 50 */
    static List<String> lines(String member, List<String> given) {
        if (given == null || given.isEmpty() || given.size() > MOST) {
            throw ProtocolException.invalidRequest(member + " must have 1 to " + MOST + " lines");
        }
        return given.stream().map(text -> line(member, text)).toList();
    }
}

package org.countersign.core.oauth2;

import java.util.Optional;

/**
 * Some of an organisation's people, kept apart from its others, written {@code sales@acme}.
 *
 * @param group 1 to 64 of letters, digits, {@code . _ -}
 * @param tenant as in {@link SeatName}
 */
public record GroupName(String group, String tenant) {

    /** @return empty when the text is no group's name */
    public static Optional<GroupName> parse(String text) {
        int at = text.indexOf('@');
        return Optional.of(at)
                .filter(index -> index > 0)
                .map(index -> new GroupName(text.substring(0, index), text.substring(index + 1)))
                .filter(name -> isGroup(name.group()) && SeatName.isTenant(name.tenant()));
    }

    public static boolean isGroup(String text) {
        return SeatName.isTenant(text);
    }

    @Override
    public String toString() {
        return group + "@" + tenant;
    }
}

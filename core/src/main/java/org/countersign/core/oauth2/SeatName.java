package org.countersign.core.oauth2;

import java.util.regex.Pattern;

/**
 * A person in an organisation, written {@code jdoe@acme}. The last {@code @} splits: {@code j@x.org@acme} is seat
 * {@code j@x.org} of tenant {@code acme}.
 *
 * @param seat 1 to 128 printable characters without white space
 * @param tenant 1 to 64 of letters, digits, {@code . _ -}
 */
public record SeatName(String seat, String tenant) {

    private static final Pattern SEAT =
            Pattern.compile("[\\p{Graph}&&[^\"\\\\]]{1,128}", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    /** A seat given beside its tenant, with or without the tenant at its own end. */
    public static String withoutTenant(String seat, String tenant) {
        var end = "@" + tenant;
        return seat.endsWith(end) ? seat.substring(0, seat.length() - end.length()) : seat;
    }

    public static boolean isSeat(String text) {
        return SEAT.matcher(text).matches();
    }

    public static boolean isTenant(String text) {
        return TENANT.matcher(text).matches();
    }

    @Override
    public String toString() {
        return seat + "@" + tenant;
    }
}

package org.countersign.wallet.scim;

import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.ScimError;
import org.countersign.core.specification.Scim;
import org.countersign.server.listing.Filter;

/** Which users a directory looks for (RFC 7644 §3.4.2.2): those of one name or identifier of its own, or all. */
final class ScimFilter {

    private static final Pattern FORM = Pattern.compile("(?:(?i:" + Pattern.quote(Scim.USER)
            + "):)?(?i:(userName|externalId)) +(?i:eq) +\"((?:[^\"\\\\]|\\\\[\"\\\\/]){0,255})\"");

    private ScimFilter() {}

    /**
     * Of {@code wallet_user u}.
     *
     * @param text null for all
     * @throws ProtocolException {@code invalidFilter}
     */
    static Filter parse(String text, UUID organisation) {
        var filter = new Filter().with("u.removed_at is null").with("u.organisation_id = ?", organisation);
        if (text == null || text.isBlank()) {
            return filter;
        }
        var form = FORM.matcher(text.strip());
        if (!form.matches() || form.group(2).chars().anyMatch(Character::isISOControl)) {
            throw new ProtocolException(
                    ScimError.INVALID_FILTER, "A filter is userName eq \"…\" or externalId eq \"…\"");
        }
        var value = form.group(2).replaceAll("\\\\(.)", "$1");
        return form.group(1).equalsIgnoreCase("userName")
                ? filter.with("u.login = ?", value.toLowerCase(Locale.ROOT))
                : filter.with("u.external_id = ?", value);
    }
}

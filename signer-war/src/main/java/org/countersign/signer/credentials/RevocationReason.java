package org.countersign.signer.credentials;

import org.countersign.core.error.ProtocolException;

/** Why a credential was revoked, in the words of RFC 5280 §5.3.1; those of authorities alone are left out. */
public enum RevocationReason {
    UNSPECIFIED("unspecified"),
    KEY_COMPROMISE("keyCompromise"),
    AFFILIATION_CHANGED("affiliationChanged"),
    SUPERSEDED("superseded"),
    CESSATION_OF_OPERATION("cessationOfOperation");

    private final String wireName;

    RevocationReason(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }

    /** @param text null for {@code unspecified} */
    public static RevocationReason parse(String text) {
        if (text == null) {
            return UNSPECIFIED;
        }
        for (var reason : values()) {
            if (reason.wireName.equals(text)) {
                return reason;
            }
        }
        throw ProtocolException.invalidRequest("reason must be unspecified, keyCompromise, affiliationChanged,"
                + " superseded or cessationOfOperation");
    }
}

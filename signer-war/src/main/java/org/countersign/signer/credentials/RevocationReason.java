package org.countersign.signer.credentials;

import java.util.Arrays;
import java.util.Optional;
import org.countersign.core.error.ProtocolException;

/** Why a credential was revoked, in the words of RFC 5280 §5.3.1; those of authorities alone are left out. */
public enum RevocationReason {
    UNSPECIFIED("unspecified", 0),
    KEY_COMPROMISE("keyCompromise", 1),
    AFFILIATION_CHANGED("affiliationChanged", 3),
    SUPERSEDED("superseded", 4),
    CESSATION_OF_OPERATION("cessationOfOperation", 5);

    private final String wireName;
    private final int code;

    RevocationReason(String wireName, int code) {
        this.wireName = wireName;
        this.code = code;
    }

    /** By its number in {@code CRLReason}. */
    public static Optional<RevocationReason> ofCode(int code) {
        return Arrays.stream(values()).filter(reason -> reason.code == code).findFirst();
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

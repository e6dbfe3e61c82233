package org.countersign.wallet.organisations;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What kind of person a wallet is for. */
public enum WalletFor {
    /** A natural person. */
    NP,
    /** A legal person: the wallet signs for its company. */
    LP;

    /** As the configuration and the database have it: {@code np}, {@code lp}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @return nothing for any other text */
    public static Optional<WalletFor> parse(String text) {
        return Arrays.stream(values()).filter(kind -> kind.text().equals(text)).findFirst();
    }
}

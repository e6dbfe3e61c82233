package org.countersign.wallet.organisations;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * By which a user is known, in the form of an e-mail address. Kept in lower case.
 *
 * @param text 254 characters at most
 */
public record Login(String text) {

    private static final Pattern FORM = Pattern.compile("[a-z0-9._%+-]{1,64}@[a-z0-9.-]{1,189}");
    /** The local part that people without an account share. */
    private static final String GUEST = "guest";

    /** @return nothing when it has not the form */
    public static Optional<Login> parse(String text) {
        return Optional.ofNullable(text)
                .map(given -> given.strip().toLowerCase(Locale.ROOT))
                .filter(login -> FORM.matcher(login).matches())
                .map(Login::new);
    }

    /** Whether it is that of people without an account: its whole local part says so, not only how it begins. */
    public boolean isGuest() {
        int at = text.indexOf('@');
        return at >= 0 && text.substring(0, at).equals(GUEST);
    }
}

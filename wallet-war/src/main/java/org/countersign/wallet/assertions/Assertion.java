package org.countersign.wallet.assertions;

import java.util.Optional;
import java.util.regex.Pattern;
import org.countersign.core.jose.CompactJws;
import org.countersign.core.jose.P256PublicKey;

/**
 * What a wallet signed with its authentication key: form, signature, audience and time were found right. Neither was its nonce taken
 * nor its key compared.
 *
 * @param jws with the key that verified it
 * @param issuer {@code iss}
 * @param nonce of the provider, 43 characters when it is one
 * @param saltedPin {@code salted_pin_code}, a hash
 */
public record Assertion(CompactJws jws, String issuer, String nonce, String saltedPin) {

    private static final Pattern PRINTABLE = Pattern.compile("[ -~]+");
    /** SHA-256 in hexadecimal, base64 or base64url. */
    private static final Pattern SALTED_PIN = Pattern.compile("[0-9A-Fa-f]{64}|[A-Za-z0-9+/_-]{43}=?");

    /** The wallet's authentication key. */
    public P256PublicKey key() {
        return jws.key();
    }

    /** A further claim that is a string of printable ASCII, not empty and not too long. */
    public Optional<String> text(String claim, int longest) {
        return jws.text(claim).filter(text -> isText(text, longest));
    }

    /** Whether it is printable ASCII, not empty and not too long. */
    public static boolean isText(String text, int longest) {
        return text.length() <= longest && PRINTABLE.matcher(text).matches();
    }

    /** Whether it has the form of a salted PIN: a hash in hexadecimal, base64 or base64url. */
    public static boolean isSaltedPin(String text) {
        return SALTED_PIN.matcher(text).matches();
    }

    /** Leaves the salted PIN out. */
    @Override
    public String toString() {
        return "an assertion";
    }
}

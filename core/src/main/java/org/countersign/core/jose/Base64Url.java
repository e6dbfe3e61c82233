package org.countersign.core.jose;

import java.util.Base64;
import java.util.Optional;

/** Base64url without padding (RFC 7515 §2), in its one canonical form: the spare bits of the last character are zero. */
public final class Base64Url {

    private Base64Url() {}

    public static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** @return nothing for any text that {@link #encode} would not have made */
    public static Optional<byte[]> decode(String text) {
        try {
            var bytes = Base64.getUrlDecoder().decode(text);
            return encode(bytes).equals(text) ? Optional.of(bytes) : Optional.empty();
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }
}

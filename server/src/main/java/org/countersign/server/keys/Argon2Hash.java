package org.countersign.server.keys;

import java.util.Base64;
import java.util.regex.Pattern;

/**
 * An Argon2id result with what made it, in the PHC string format:
 * {@code $argon2id$v=19$m=4096,t=1,p=1$<salt>$<hash>}, base64 without padding.
 */
record Argon2Hash(Argon2Cost cost, byte[] salt, byte[] hash) {

    static final int SALT_LENGTH = 16;
    static final int HASH_LENGTH = 32;

    private static final Pattern FORMAT = Pattern.compile(
            "\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,3}),p=1\\$([A-Za-z0-9+/]{22})\\$([A-Za-z0-9+/]{43})");

    String encoded() {
        var base64 = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m=" + cost.memoryKib() + ",t=" + cost.iterations() + ",p=1$"
                + base64.encodeToString(salt) + '$' + base64.encodeToString(hash);
    }

    /** @throws IllegalArgumentException when malformed; the text is not in the message */
    static Argon2Hash parse(String encoded) {
        var matcher = FORMAT.matcher(encoded);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("A stored Argon2id hash is malformed");
        }
        return new Argon2Hash(
                new Argon2Cost(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))),
                Base64.getDecoder().decode(matcher.group(3)),
                Base64.getDecoder().decode(matcher.group(4)));
    }

    @Override
    public String toString() {
        return "an Argon2id hash";
    }
}

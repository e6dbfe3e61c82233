package org.countersign.systemtests.secrets;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Something nobody may find.
 *
 * @param name what it is, for the report, which never shows the secret itself
 */
record Secret(String name, byte[] bytes) {

    /** Shorter ones would be found by chance. */
    private static final int LEAST_BYTES = 8;

    /** Characters of base64 that begin within bytes before the secret, by how many of those there are. */
    private static final int[] FOREIGN_CHARACTERS = {0, 2, 3};

    Secret {
        if (bytes.length < LEAST_BYTES) {
            throw new IllegalArgumentException(name + " is too short to be looked for");
        }
    }

    static Secret text(String name, String text) {
        return new Secret(name, text.getBytes(StandardCharsets.UTF_8));
    }

    /** The secret in every form it is looked for, by the form's name. */
    Map<String, byte[]> forms() {
        var forms = new LinkedHashMap<String, byte[]>();
        forms.put("as it is", bytes);
        var text = new String(bytes, StandardCharsets.ISO_8859_1);
        forms.put("UTF-16LE", text.getBytes(StandardCharsets.UTF_16LE));
        forms.put("UTF-16BE", text.getBytes(StandardCharsets.UTF_16BE));
        forms.put("hex", ascii(HexFormat.of().formatHex(bytes)));
        forms.put("HEX", ascii(HexFormat.of().withUpperCase().formatHex(bytes)));
        for (int before = 0; before < FOREIGN_CHARACTERS.length; before++) {
            forms.put("base64, offset " + before, inside(Base64.getEncoder(), before));
            forms.put("base64url, offset " + before, inside(Base64.getUrlEncoder(), before));
        }
        return forms;
    }

    /** The characters of base64 that the secret alone decides, when so many bytes stand before it. */
    private byte[] inside(Base64.Encoder encoder, int before) {
        var padded = new byte[before + bytes.length];
        System.arraycopy(bytes, 0, padded, before, bytes.length);
        var encoded = encoder.withoutPadding().encode(padded);
        return Arrays.copyOfRange(encoded, FOREIGN_CHARACTERS[before], padded.length * 8 / 6);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String toString() {
        return name;
    }
}

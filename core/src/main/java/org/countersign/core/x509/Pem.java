package org.countersign.core.x509;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** PEM as RFC 7468 has it: written strictly (§3), read with lines of any length. */
final class Pem {

    private static final int LINE = 64;
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final Pattern BEGIN =
            Pattern.compile("^-----BEGIN ([A-Z0-9 ]{1,40})-----[ \\t]*\\r?$", Pattern.MULTILINE);
    private static final Pattern WHITE_SPACE = Pattern.compile("[ \\t\\r\\n]+");

    /** One block, decoded. */
    record Block(String label, byte[] der) {}

    private Pem() {}

    static String write(String label, byte[] der) {
        var base64 = Base64.getMimeEncoder(LINE, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }

    /** @throws IllegalArgumentException when a block has no end or is not base64 */
    static List<Block> blocks(String text) {
        var blocks = new ArrayList<Block>();
        Matcher begin = BEGIN.matcher(text);
        int from = 0;
        while (begin.find(from)) {
            var label = begin.group(1);
            var endLine = "-----END " + label + "-----";
            int end = text.indexOf(endLine, begin.end());
            if (end < 0) {
                throw new IllegalArgumentException("A PEM block has no end");
            }
            blocks.add(new Block(label, base64(text.substring(begin.end(), end))));
            from = end + endLine.length();
        }
        return List.copyOf(blocks);
    }

    /** @throws IllegalArgumentException when not base64; white space does not count */
    static byte[] base64(String text) {
        try {
            return Base64.getDecoder().decode(WHITE_SPACE.matcher(text).replaceAll(""));
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException("A PEM block is not base64", malformed);
        }
    }

    /** @throws IllegalArgumentException when there is none, or a block is no certificate */
    static List<X509Certificate> certificates(String text) {
        var blocks = blocks(text);
        if (blocks.isEmpty()) {
            throw new IllegalArgumentException("There is no PEM block labelled CERTIFICATE");
        }
        if (!blocks.stream().allMatch(block -> CERTIFICATE.equals(block.label()))) {
            throw new IllegalArgumentException("A PEM block is not labelled CERTIFICATE");
        }
        return blocks.stream()
                .map(block -> CertificateEncoding.decode(block.der()))
                .toList();
    }
}

package org.countersign.wallet.keyattestations;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * Whose word it was that a key was verified by, so that it can be asked later whether that still counts.
 *
 * @param root SHA-256 of its public key, in lower-case hexadecimal
 * @param serials of the certificates below it
 * @param development whether an app in development said it
 */
public record KeyOrigin(String root, Set<BigInteger> serials, boolean development) {

    private static final String DEVELOPMENT = "development";
    private static final String PRODUCTION = "production";
    private static final int HEXADECIMAL = 16;

    public KeyOrigin {
        serials = Set.copyOf(serials);
    }

    static KeyOrigin of(AttestationPath path, boolean development) {
        var serials = new HashSet<BigInteger>();
        path.certificates().forEach(certificate -> serials.add(certificate.getSerialNumber()));
        return new KeyOrigin(id(path.root()), serials, development);
    }

    /** Of a root, by its key: its certificate may be issued anew. */
    static String id(X509Certificate root) {
        return DigestUtils.sha256Hex(root.getPublicKey().getEncoded());
    }

    /** As the database has it. */
    public String text() {
        var text = new StringBuilder(root).append(' ').append(development ? DEVELOPMENT : PRODUCTION);
        serials.stream().sorted().forEach(serial -> text.append(' ').append(serial.toString(HEXADECIMAL)));
        return text.toString();
    }

    /** What {@link #text()} gave. */
    public static KeyOrigin parse(String text) {
        var parts = List.of(text.split(" "));
        var serials = new HashSet<BigInteger>();
        parts.subList(2, parts.size()).forEach(serial -> serials.add(new BigInteger(serial, HEXADECIMAL)));
        return new KeyOrigin(parts.get(0), serials, parts.get(1).equals(DEVELOPMENT));
    }
}

package org.countersign.wallet.keyattestations;

import java.io.IOException;
import org.bouncycastle.asn1.ASN1InputStream;
import org.bouncycastle.asn1.ASN1Primitive;

/** Octets of certificates' extensions. */
final class Der {

    private Der() {}

    /** One value and nothing behind it. */
    static ASN1Primitive value(byte[] der) throws IOException {
        try (var in = new ASN1InputStream(der)) {
            var value = in.readObject();
            if (value == null || in.read() != -1) {
                throw new IOException("not one value");
            }
            return value;
        }
    }
}

package org.countersign.agent.signature;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.Arrays;

/** PKCS#11 gives r and s side by side; certificates' users want ECDSA-Sig-Value (RFC 3279 §2.2.3). */
public final class EcdsaSignature {

    private static final int SEQUENCE = 0x30;
    private static final int INTEGER = 0x02;
    private static final int LONG_FORM = 0x81;
    private static final int SHORT = 0x80;

    private EcdsaSignature() {}

    public static byte[] der(byte[] raw) {
        int half = raw.length / 2;
        var content = new ByteArrayOutputStream();
        integer(content, Arrays.copyOfRange(raw, 0, half));
        integer(content, Arrays.copyOfRange(raw, half, raw.length));
        var der = new ByteArrayOutputStream();
        der.write(SEQUENCE);
        if (content.size() >= SHORT) {
            der.write(LONG_FORM);
        }
        der.write(content.size());
        der.writeBytes(content.toByteArray());
        return der.toByteArray();
    }

    private static void integer(ByteArrayOutputStream out, byte[] unsigned) {
        var bytes = new BigInteger(1, unsigned).toByteArray();
        out.write(INTEGER);
        out.write(bytes.length);
        out.writeBytes(bytes);
    }
}

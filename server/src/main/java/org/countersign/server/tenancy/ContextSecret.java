package org.countersign.server.tenancy;

import java.nio.charset.StandardCharsets;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;

/**
 * A secret of one company, derived from one that several companies of a server may share (HKDF-SHA256, RFC 5869): what
 * one company's context made is nothing to another's.
 */
public final class ContextSecret {

    /** The purpose of the key of SADs, from which the audit anchor's key comes too. */
    public static final String SAD_KEY = "SAD key";

    /** The purpose of the vaults' master secret. */
    public static final String MASTER_SECRET = "master secret";

    private static final int LENGTH = 32;

    private ContextSecret() {}

    /**
     * The company's own 32 bytes.
     *
     * @param secret as the environment has it
     * @param purpose one of the constants here
     */
    public static byte[] derive(byte[] secret, String purpose, ContextName context) {
        var hkdf = new HKDFBytesGenerator(new SHA256Digest());
        var info = "countersign " + purpose + " of " + context.company();
        hkdf.init(new HKDFParameters(secret, null, info.getBytes(StandardCharsets.UTF_8)));
        var derived = new byte[LENGTH];
        hkdf.generateBytes(derived, 0, derived.length);
        return derived;
    }
}

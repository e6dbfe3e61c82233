package org.countersign.server.keys;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;

/** The DER of DigestInfo, as RFC 8017 §9.2 note 1 gives it: a constant for each hash, then the hash. */
final class DigestInfo {

    private static final Map<HashAlgorithm, byte[]> PREFIX = Map.of(
            HashAlgorithm.SHA256, HexFormat.of().parseHex("3031300d060960864801650304020105000420"),
            HashAlgorithm.SHA384, HexFormat.of().parseHex("3041300d060960864801650304020205000430"),
            HashAlgorithm.SHA512, HexFormat.of().parseHex("3051300d060960864801650304020305000440"));

    private DigestInfo() {}

    static byte[] of(HashAlgorithm algorithm, byte[] hash) {
        var prefix = PREFIX.get(algorithm);
        var info = Arrays.copyOf(prefix, prefix.length + hash.length);
        System.arraycopy(hash, 0, info, prefix.length, hash.length);
        return info;
    }
}

package org.countersign.server.oauth;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.codec.digest.HmacAlgorithms;
import org.apache.commons.codec.digest.HmacUtils;
import org.countersign.core.entropy.Entropy;
import org.countersign.server.keys.SecretHash;

/**
 * Checks client secrets against their slow hashes. A secret found right is remembered by a keyed digest (the key lives in
 * this process only), so that the slow part is paid once a node and not on every token request.
 */
public final class ClientSecrets {

    private static final int REMEMBERED = 1_000;

    private final SecretHash hashes;
    private final byte[] memoryKey;
    private final String nobody;
    private final ConcurrentHashMap<String, Boolean> verified = new ConcurrentHashMap<>();

    public ClientSecrets(SecretHash hashes, Entropy entropy) {
        this.hashes = hashes;
        this.memoryKey = entropy.bytes(32);
        this.nobody = hashes.hash(entropy.token());
    }

    public String hash(String secret) {
        return hashes.hash(secret);
    }

    /** @param stored empty for an unknown client, which costs the same time as a wrong secret */
    public boolean matches(Optional<String> stored, String secret) {
        var encoded = stored.orElse(nobody);
        var memory = memoryOf(encoded, secret);
        if (verified.containsKey(memory)) {
            return true;
        }
        boolean right = hashes.matches(secret, encoded) && stored.isPresent();
        if (right) {
            if (verified.size() >= REMEMBERED) {
                verified.clear();
            }
            verified.put(memory, Boolean.TRUE);
        }
        return right;
    }

    private String memoryOf(String encoded, String secret) {
        var mac = new HmacUtils(HmacAlgorithms.HMAC_SHA_256, memoryKey);
        return mac.hmacHex(encoded + '\0' + secret);
    }
}

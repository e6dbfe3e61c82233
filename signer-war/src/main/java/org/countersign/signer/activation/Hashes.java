package org.countersign.signer.activation;

import java.util.Base64;
import java.util.List;
import org.countersign.core.error.ProtocolException;

/** The {@code hash} member of a request: base64 of what is to be signed, one after the other. */
public final class Hashes {

    private static final int MOST = 1_000;

    private Hashes() {}

    /** @throws ProtocolException {@code invalid_request} when missing, empty, or not strict base64 */
    public static List<byte[]> decode(List<String> hash) {
        if (hash == null || hash.isEmpty()) {
            throw ProtocolException.invalidRequest("hash is required");
        }
        if (hash.size() > MOST) {
            throw ProtocolException.invalidRequest("hash has 1000 values at most");
        }
        return hash.stream().map(Hashes::decode).toList();
    }

    private static byte[] decode(String text) {
        try {
            var bytes = Base64.getDecoder().decode(text == null ? "" : text);
            // Only the canonical form: what is bound and counted is the value, whatever it was written like.
            if (bytes.length > 0 && Base64.getEncoder().encodeToString(bytes).equals(text)) {
                return bytes;
            }
        } catch (IllegalArgumentException malformed) {
            // answered below
        }
        throw ProtocolException.invalidRequest("hash must be base64");
    }
}

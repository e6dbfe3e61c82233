package org.countersign.wallet.proofs;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.countersign.core.jose.Base64Url;
import org.countersign.server.keys.MasterSecret;
import org.countersign.server.keys.MessageCodes;

/**
 * The server's own nonces for proofs (RFC 9449 §8): who made one when, and nothing more. A proof that has one was made after that. It
 * may be in many proofs, each of which passes once; so it needs no row, and is known on every node that has the master secret.
 */
public final class ProofNonces {

    static final Duration VALIDITY = Duration.ofMinutes(1);

    /** Nodes' clocks may differ. */
    private static final Duration SKEW = Duration.ofSeconds(5);

    private static final int CODE_LENGTH = 16;

    private final MessageCodes codes;
    private final Clock clock;

    public ProofNonces(MasterSecret master, Clock clock) {
        this.codes = new MessageCodes(master, "nonces of DPoP proofs");
        this.clock = clock;
    }

    /** A new one: 32 characters of base64url, good for a minute. */
    public String fresh() {
        var time = ByteBuffer.allocate(Long.BYTES)
                .putLong(clock.instant().getEpochSecond())
                .array();
        return Base64Url.encode(ByteBuffer.allocate(Long.BYTES + CODE_LENGTH)
                .put(time)
                .put(code(time))
                .array());
    }

    /** Whether a node of this context made it, within the last minute. */
    boolean isGood(String nonce) {
        return Base64Url.decode(nonce)
                .filter(bytes -> bytes.length == Long.BYTES + CODE_LENGTH)
                .filter(bytes -> MessageDigest.isEqual(
                        code(Arrays.copyOf(bytes, Long.BYTES)), Arrays.copyOfRange(bytes, Long.BYTES, bytes.length)))
                .map(bytes -> Instant.ofEpochSecond(ByteBuffer.wrap(bytes).getLong()))
                .filter(made -> !made.isAfter(clock.instant().plus(SKEW))
                        && clock.instant().isBefore(made.plus(VALIDITY)))
                .isPresent();
    }

    private byte[] code(byte[] time) {
        return Arrays.copyOf(codes.of(time), CODE_LENGTH);
    }
}

package org.countersign.server.audit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A chain's head under a signature: what an anchor keeps. The Ed25519 signature is over the label
 * {@code countersign-audit-head-1}, chain (16 bytes), seq (8), hash (32), at (seconds in 8 bytes, nanoseconds in 4) and
 * state (1 byte: its position in {@link HeadState}), all of fixed width.
 *
 * @param at when it was signed
 * @param signature 64 bytes in base64url without padding; only {@link AnchorPublicKey#signed} says whether it is right
 */
public record SignedHead(ChainHead head, HeadState state, Instant at, String signature) {

    private static final byte[] LABEL = "countersign-audit-head-1".getBytes(StandardCharsets.US_ASCII);

    private static final Pattern LINE =
            Pattern.compile("\\{\"chain\":\"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\","
                    + "\"seq\":([0-9]{1,18}),\"hash\":\"([0-9a-f]{64})\",\"state\":\"(open|closed|recovered)\","
                    + "\"at\":\"([0-9TZ:.-]{20,30})\",\"signature\":\"([A-Za-z0-9_-]{86})\"} *");

    static SignedHead sign(AnchorKey key, ChainHead head, HeadState state, Instant at) {
        byte[] signature = key.sign(message(head, state, at));
        return new SignedHead(
                head, state, at, Base64.getUrlEncoder().withoutPadding().encodeToString(signature));
    }

    byte[] message() {
        return message(head, state, at);
    }

    byte[] signatureBytes() {
        return Base64.getUrlDecoder().decode(signature);
    }

    /** One JSON object without line end, about 330 characters. */
    public String toLine() {
        return "{\"chain\":\"" + head.chain() + "\",\"seq\":" + head.seq() + ",\"hash\":\""
                + head.hash().hex() + "\",\"state\":\"" + state.wireName() + "\",\"at\":\"" + at + "\",\"signature\":\""
                + signature + "\"}";
    }

    /** Reads {@link #toLine()}, spaces after it allowed; empty for anything else. The signature is not checked. */
    static Optional<SignedHead> ofLine(String line) {
        var parts = LINE.matcher(line);
        if (!parts.matches()) {
            return Optional.empty();
        }
        try {
            var head = new ChainHead(
                    UUID.fromString(parts.group(1)), Long.parseLong(parts.group(2)), EntryHash.ofHex(parts.group(3)));
            var state = HeadState.valueOf(parts.group(4).toUpperCase(Locale.ROOT));
            var read = new SignedHead(head, state, Instant.parse(parts.group(5)), parts.group(6));
            read.signatureBytes();
            return Optional.of(read);
        } catch (DateTimeException | IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    private static byte[] message(ChainHead head, HeadState state, Instant at) {
        return ByteBuffer.allocate(LABEL.length + 16 + 8 + 32 + 8 + 4 + 1)
                .put(LABEL)
                .putLong(head.chain().getMostSignificantBits())
                .putLong(head.chain().getLeastSignificantBits())
                .putLong(head.seq())
                .put(head.hash().bytes())
                .putLong(at.getEpochSecond())
                .putInt(at.getNano())
                .put((byte) state.ordinal())
                .array();
    }
}

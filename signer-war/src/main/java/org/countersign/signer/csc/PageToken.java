package org.countersign.signer.csc;

import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.UUID;
import org.countersign.core.jose.Base64Url;
import org.countersign.signer.credentials.Credentials.Position;

/** Where the next page begins, as an opaque text. It says where in the caller's own list; nothing can be gained by changing it. */
final class PageToken {

    private static final int LENGTH = 2 * Long.BYTES + Long.BYTES + Integer.BYTES;

    /** As far as the database goes, and further than anything here. */
    private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

    private PageToken() {}

    static String of(Position last) {
        var bytes = ByteBuffer.allocate(LENGTH)
                .putLong(last.createdAt().getEpochSecond())
                .putInt(last.createdAt().getNano())
                .putLong(last.id().getMostSignificantBits())
                .putLong(last.id().getLeastSignificantBits());
        return Base64Url.encode(bytes.array());
    }

    static Position parse(String text) {
        var bytes = Base64Url.decode(text)
                .filter(decoded -> decoded.length == LENGTH)
                .map(ByteBuffer::wrap)
                .orElseThrow(() -> CscRequest.invalid("pageToken"));
        try {
            var time = Instant.ofEpochSecond(bytes.getLong(), bytes.getInt());
            if (time.isBefore(Instant.EPOCH) || time.isAfter(LATEST)) {
                throw CscRequest.invalid("pageToken");
            }
            return new Position(time, new UUID(bytes.getLong(), bytes.getLong()));
        } catch (DateTimeException | ArithmeticException outside) {
            throw CscRequest.invalid("pageToken");
        }
    }
}

package org.countersign.ds.releases;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.commons.codec.digest.DigestUtils;

/** Which devices a version is offered to first. */
final class Rollout {

    private static final int PERCENT = 100;

    private Rollout() {}

    /**
     * Whether a device is among the first {@code percent} of a hundred. Stable: what is true at a percentage is true at
     * every greater one; and other devices are first with another version.
     */
    static boolean includes(UUID device, SemanticVersion version, int percent) {
        return Long.remainderUnsigned(hash(device, version), PERCENT) < percent;
    }

    private static long hash(UUID device, SemanticVersion version) {
        var digest = DigestUtils.getSha256Digest();
        digest.update(ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(device.getMostSignificantBits())
                .putLong(device.getLeastSignificantBits())
                .array());
        return ByteBuffer.wrap(digest.digest(version.toString().getBytes(StandardCharsets.UTF_8)))
                .getLong();
    }
}

package org.countersign.server.console;

import java.nio.charset.StandardCharsets;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * Whose seats people are.
 *
 * @param clientId of the tenant's OAuth client that they act for
 */
public record TenantSeats(String tenant, String clientId) {

    /** A session's mark for these seats alone: it ends when its person becomes another tenant's seat, or another client's. */
    byte[] mark(byte[] mark) {
        var digest = DigestUtils.getSha256Digest();
        digest.update(mark);
        digest.update(hash(tenant));
        digest.update(hash(clientId));
        return digest.digest();
    }

    private static byte[] hash(String text) {
        return DigestUtils.sha256(text.getBytes(StandardCharsets.UTF_8));
    }
}

package org.countersign.server.keys;

import java.util.Optional;
import java.util.UUID;

/** Where a software vault keeps wrapped keys, one per credential. Safe for use by many threads. */
public interface WrappedKeys {

    /** Keeps, in place of what was there; in a database durable with the audit entry that follows. */
    void put(UUID credentialId, byte[] wrapped);

    Optional<byte[]> get(UUID credentialId);

    /** No error when there is none. */
    void remove(UUID credentialId);

    /** Whether keys can be read now. */
    boolean isUsable();
}

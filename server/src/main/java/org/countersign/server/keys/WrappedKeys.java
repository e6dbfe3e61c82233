package org.countersign.server.keys;

import java.util.Optional;
import java.util.UUID;

/** Where a software vault keeps wrapped keys, one per credential. Safe for use by many threads. */
public interface WrappedKeys {

    /** Keeps, in place of what was there, and returns when it is durable. */
    void put(UUID credentialId, byte[] wrapped);

    Optional<byte[]> get(UUID credentialId);

    /** No error when there is none. */
    void remove(UUID credentialId);
}

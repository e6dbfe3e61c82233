package org.countersign.server.keys;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Vault {@code test}: gone with the process. */
public final class MemoryWrappedKeys implements WrappedKeys {

    private final Map<UUID, byte[]> keys = new ConcurrentHashMap<>();

    @Override
    public void put(UUID credentialId, byte[] wrapped) {
        keys.put(credentialId, wrapped.clone());
    }

    @Override
    public Optional<byte[]> get(UUID credentialId) {
        return Optional.ofNullable(keys.get(credentialId)).map(byte[]::clone);
    }

    @Override
    public void remove(UUID credentialId) {
        keys.remove(credentialId);
    }

    @Override
    public boolean isUsable() {
        return true;
    }
}

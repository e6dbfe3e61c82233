package org.countersign.signer.keypairs;

import java.util.Map;
import java.util.Set;
import org.countersign.server.keys.KeyVault;

/** The key vaults of a context: where each tenant's new keys go, and where an existing key is. */
public final class Vaults {

    private final Map<String, KeyVault> byName;
    private final Map<String, String> nameByTenant;

    /**
     * @param byName as credentials record it
     * @param nameByTenant the vault of each tenant's new keys
     */
    public Vaults(Map<String, KeyVault> byName, Map<String, String> nameByTenant) {
        this.byName = Map.copyOf(byName);
        this.nameByTenant = Map.copyOf(nameByTenant);
    }

    /** A vault and the name that credentials record. */
    public record Named(String name, KeyVault vault) {}

    public Named forNewKeysOf(String tenant) {
        var name = nameByTenant.get(tenant);
        return new Named(name, named(name));
    }

    /** Of all vaults, as credentials record them. */
    public Set<String> names() {
        return byName.keySet();
    }

    /** Whether every vault can be read now. */
    public boolean areUsable() {
        return byName.values().stream().allMatch(KeyVault::isUsable);
    }

    /** @throws IllegalStateException when the configuration has no such vault any more */
    public KeyVault named(String name) {
        var vault = byName.get(name);
        if (vault == null) {
            throw new IllegalStateException("A credential's key is in the vault " + name + ", which is not configured");
        }
        return vault;
    }
}

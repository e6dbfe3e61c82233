package org.countersign.wallet.companies;

import java.util.Map;
import org.countersign.server.issuing.PrivateKeys;

/**
 * Where the private keys of companies are.
 *
 * @param byName as {@code company_key} records it
 * @param newKeys the name of the vault of new ones
 */
public record CompanyVaults(Map<String, PrivateKeys> byName, String newKeys) {

    public CompanyVaults {
        byName = Map.copyOf(byName);
    }

    /** @throws IllegalStateException when the configuration has no such vault any more */
    PrivateKeys named(String name) {
        var vault = byName.get(name);
        if (vault == null) {
            throw new IllegalStateException("A company's key is in the vault " + name + ", which is not configured");
        }
        return vault;
    }
}

package org.countersign.wallet.companies;

import java.time.Duration;
import java.util.Map;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.issuing.PrivateKeys;

/**
 * Where the private keys of companies are.
 *
 * @param byName as {@code company_key} records it
 * @param newKeys the name of the vault of new ones
 */
public record CompanyVaults(Map<String, PrivateKeys> byName, String newKeys) {

    /** Somebody has to put it back first. */
    private static final Duration RETRY = Duration.ofMinutes(1);

    public CompanyVaults {
        byName = Map.copyOf(byName);
    }

    boolean has(String name) {
        return byName.containsKey(name);
    }

    /** @throws ProtocolException {@code temporarily_unavailable} when the configuration has no such vault any more */
    PrivateKeys named(String name) {
        var vault = byName.get(name);
        if (vault == null) {
            throw ProtocolException.retryAfter(
                    OAuth2Error.TEMPORARILY_UNAVAILABLE, "The key's vault is not configured", RETRY);
        }
        return vault;
    }
}

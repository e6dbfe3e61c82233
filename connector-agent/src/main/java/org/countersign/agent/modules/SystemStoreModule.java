package org.countersign.agent.modules;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Locale;
import java.util.Optional;
import org.countersign.agent.loopback.Deadline;
import org.countersign.agent.loopback.Jsons;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.AgentError;
import org.countersign.core.error.ProtocolException;

/** The system's own store of the user's keys: of Windows, or the keychain of macOS. The system asks for what it wants to know. */
final class SystemStoreModule implements TokenModule {

    private final String type;
    private final Entropy entropy;

    private SystemStoreModule(String type, Entropy entropy) {
        this.type = type;
        this.entropy = entropy;
    }

    /** Nothing where the system has none. */
    static Optional<TokenModule> find(Entropy entropy) {
        var system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        if (system.startsWith("windows")) {
            return Optional.of(new SystemStoreModule("Windows-MY", entropy));
        }
        return system.startsWith("mac")
                ? Optional.of(new SystemStoreModule("KeychainStore", entropy))
                : Optional.empty();
    }

    @Override
    public String name() {
        return TokenModules.TRUSTSTORE;
    }

    @Override
    public JsonObject call(Optional<String> reader, String operation, JsonObject details, Deadline deadline) {
        try {
            var store = KeyStore.getInstance(type);
            store.load(null, null);
            return switch (operation) {
                case "info" ->
                    Jsons.object().add("label", type).add("serialNumber", "").build();
                case "card" -> JsonObject.EMPTY_JSON_OBJECT;
                case "certificates" -> KeyStores.json(KeyStores.certificates(store));
                case "algorithms" -> KeyStores.algorithms();
                // The keychain gives keys for any password but none.
                case "sign" -> KeyStores.sign(store, new char[1], details, entropy);
                default -> throw new ProtocolException(AgentError.NOT_OFFERED, "This module does not offer this");
            };
        } catch (IOException | GeneralSecurityException refused) {
            throw new ProtocolException(AgentError.CARD_FAILED, "The system's store of keys refused");
        }
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}

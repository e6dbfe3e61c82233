package org.countersign.signer.wiring;

import java.time.Clock;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.countersign.core.entropy.Entropy;
import org.countersign.server.keys.DatabaseWrappedKeys;
import org.countersign.server.keys.FolderWrappedKeys;
import org.countersign.server.keys.KeyVault;
import org.countersign.server.keys.MasterSecret;
import org.countersign.server.keys.MemoryWrappedKeys;
import org.countersign.server.keys.OpenKeys;
import org.countersign.server.keys.SignatureProvider;
import org.countersign.server.keys.SoftwareKeyVault;
import org.countersign.server.keys.WrappedKeys;
import org.countersign.signer.configuration.HsmSettings;
import org.countersign.signer.configuration.SignerConfiguration;
import org.countersign.signer.configuration.VaultChoice;
import org.countersign.signer.keypairs.Vaults;

/** The key vaults that a configuration asks for. */
final class VaultWiring {

    private VaultWiring() {}

    static Vaults vaults(
            SignerConfiguration configuration,
            MasterSecret master,
            DataSource dataSource,
            SignatureProvider provider,
            Clock clock,
            Entropy entropy,
            Deque<AutoCloseable> closing) {
        var storages = new HashMap<String, WrappedKeys>();
        storages.put(VaultChoice.DATABASE.toString(), new DatabaseWrappedKeys(dataSource));
        configuration.hsm().ifPresent(hsm -> storages.put(hsm.type().toString(), storage(hsm)));
        var byName = new HashMap<String, KeyVault>();
        storages.forEach((name, storage) -> {
            var vault = new SoftwareKeyVault(storage, master, provider, entropy);
            if (configuration.openKeys().isZero()) {
                byName.put(name, vault);
            } else {
                var open = new OpenKeys(vault, configuration.openKeys(), clock, entropy);
                closing.push(open);
                byName.put(name, open);
            }
        });
        Map<String, String> nameByTenant = configuration.tenants().values().stream()
                .collect(Collectors.toMap(
                        tenant -> tenant.name(),
                        tenant -> tenant.newKeys() == VaultChoice.DATABASE
                                ? VaultChoice.DATABASE.toString()
                                : configuration.hsm().orElseThrow().type().toString()));
        return new Vaults(byName, nameByTenant);
    }

    private static WrappedKeys storage(HsmSettings hsm) {
        return switch (hsm.type()) {
            case TEST -> new MemoryWrappedKeys();
            case HOMO -> new FolderWrappedKeys(hsm.folder().orElseThrow());
        };
    }
}

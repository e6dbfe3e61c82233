package org.countersign.signer.wiring;

import java.nio.file.Path;
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
            Path temporaryFolder,
            Entropy entropy) {
        var provider = SignatureProvider.fastest(temporaryFolder, entropy);
        var byName = new HashMap<String, KeyVault>();
        byName.put(
                VaultChoice.DATABASE.toString(),
                new SoftwareKeyVault(new DatabaseWrappedKeys(dataSource), master, provider, entropy));
        configuration
                .hsm()
                .ifPresent(hsm -> byName.put(
                        hsm.type().toString(), new SoftwareKeyVault(storage(hsm), master, provider, entropy)));
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

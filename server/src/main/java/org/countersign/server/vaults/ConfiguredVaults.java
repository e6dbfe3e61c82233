package org.countersign.server.vaults;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import org.countersign.server.keys.DataKeyWrap;
import org.countersign.server.keys.DataKeys;
import org.countersign.server.keys.DatabaseWrappedKeys;
import org.countersign.server.keys.FolderWrappedKeys;
import org.countersign.server.keys.KeyVault;
import org.countersign.server.keys.MasterSecret;
import org.countersign.server.keys.MasterSecretWrap;
import org.countersign.server.keys.MemoryWrappedKeys;
import org.countersign.server.keys.OpenKeys;
import org.countersign.server.keys.OuterWrap;
import org.countersign.server.keys.SoftwareKeyVault;
import org.countersign.server.keys.Token;
import org.countersign.server.keys.TokenKeyVault;
import org.countersign.server.keys.WrappedKeys;
import org.countersign.server.metrics.MeteredVault;
import org.countersign.server.wiring.ContextParts;

/** Makes the vaults of a context: the database, and what {@code hsm} describes. */
public final class ConfiguredVaults {

    private ConfiguredVaults() {}

    /** @return each by the name that rows record; closed with the context */
    public static Map<String, KeyVault> open(VaultSettings settings, MasterSecret master, ContextParts parts) {
        var storages = new HashMap<String, WrappedKeys>();
        storages.put(
                VaultChoice.DATABASE.toString(),
                new DatabaseWrappedKeys(parts.database().dataSource()));
        var hsm = settings.hsm();
        hsm.flatMap(described -> storage(described, parts))
                .ifPresent(storage -> storages.put(hsm.orElseThrow().type().toString(), storage));
        var outers = new HashMap<String, OuterWrap>();
        hsm.flatMap(HsmSettings::kms)
                .ifPresent(kms -> outers.put(
                        HsmSettings.Type.KMS.toString(),
                        dataKeyWrap(kms, settings.aws().orElseThrow(), parts)));
        var own = new MasterSecretWrap(master, parts.entropy());
        var byName = new HashMap<String, KeyVault>();
        var metered = new MeteredVault.Factory(parts.metrics());
        var openKeys = new HashMap<String, DoubleSupplier>();
        storages.forEach((name, storage) -> {
            var vault =
                    new SoftwareKeyVault(storage, outers.getOrDefault(name, own), parts.provider(), parts.entropy());
            if (settings.openKeys().isZero()) {
                byName.put(name, metered.metered(name, vault));
            } else {
                var open = parts.closeLater(new OpenKeys(vault, settings.openKeys(), parts.clock(), parts.entropy()));
                openKeys.put(name, open::size);
                byName.put(name, metered.metered(name, open));
            }
        });
        hsm.flatMap(HsmSettings::token).ifPresent(slot -> {
            var name = hsm.orElseThrow().type().toString();
            var token = parts.closeLater(Token.open(slot, parts.origin().temporaryFolder()));
            byName.put(name, metered.metered(name, new TokenKeyVault(token)));
        });
        parts.metrics().gauges("countersign_vault_open_keys", "Keys held open in memory", "vault", openKeys);
        return Map.copyOf(byName);
    }

    /** Where a software vault keeps its keys. */
    private static Optional<WrappedKeys> storage(HsmSettings hsm, ContextParts parts) {
        return switch (hsm.type()) {
            case TEST -> Optional.of(new MemoryWrappedKeys());
            case HOMO -> Optional.of(new FolderWrappedKeys(hsm.folder().orElseThrow()));
            case KMS ->
                Optional.of(
                        hsm.folder().isPresent()
                                ? new FolderWrappedKeys(hsm.folder().get())
                                : new DatabaseWrappedKeys(parts.database().dataSource()));
            case PKCS11 -> Optional.empty();
        };
    }

    private static OuterWrap dataKeyWrap(KmsSettings kms, AwsSettings aws, ContextParts parts) {
        var management = parts.closeLater(
                new AwsKeyManagement(kms, aws, parts.origin().context().company()));
        var dataKeys = parts.closeLater(new DataKeys(management, kms.dataKeyLife(), parts.clock(), parts.entropy()));
        parts.metrics()
                .gauges(
                        "countersign_vault_data_keys",
                        "Data keys of the key management service in memory",
                        "vault",
                        Map.of(HsmSettings.Type.KMS.toString(), dataKeys::size));
        return new DataKeyWrap(dataKeys);
    }
}

package org.countersign.server.metrics;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import java.security.PublicKey;
import java.util.UUID;
import java.util.function.Supplier;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.keys.ActivationKey;
import org.countersign.server.keys.KeyAlgorithm;
import org.countersign.server.keys.KeyVault;
import org.countersign.server.keys.SignatureAlgorithm;
import org.countersign.server.keys.SigningKey;

/** A vault whose operations are counted, and those that fail; a refusal is the caller's failure, not the vault's. */
public final class MeteredVault implements KeyVault {

    private final KeyVault vault;
    private final Operation generate;
    private final Operation open;
    private final Operation sign;
    private final Operation destroy;

    private MeteredVault(String name, KeyVault vault, Counter operations, Counter errors) {
        this.vault = vault;
        this.generate = Operation.of("generate", name, operations, errors);
        this.open = Operation.of("open", name, operations, errors);
        this.sign = Operation.of("sign", name, operations, errors);
        this.destroy = Operation.of("destroy", name, operations, errors);
    }

    /** Counts for every vault of a context. */
    public static final class Factory {

        private final Counter operations;
        private final Counter errors;

        public Factory(Metrics metrics) {
            operations = metrics.counter(
                    "countersign_vault_operations", "Operations of the key vaults", "vault", "operation");
            errors = metrics.counter("countersign_vault_errors", "Those that failed", "vault", "operation");
        }

        /** @param name as credentials record it */
        public KeyVault metered(String name, KeyVault vault) {
            return new MeteredVault(name, vault, operations, errors);
        }
    }

    @Override
    public PublicKey generate(UUID credentialId, KeyAlgorithm algorithm, ActivationKey activation) {
        return generate.count(() -> vault.generate(credentialId, algorithm, activation));
    }

    @Override
    public SigningKey open(UUID credentialId, ActivationKey activation) {
        return new MeteredKey(open.count(() -> vault.open(credentialId, activation)), sign);
    }

    @Override
    public void destroy(UUID credentialId) {
        destroy.count(() -> {
            vault.destroy(credentialId);
            return null;
        });
    }

    @Override
    public boolean isUsable() {
        return vault.isUsable();
    }

    private record Operation(CounterDataPoint all, CounterDataPoint failed) {

        static Operation of(String operation, String vault, Counter operations, Counter errors) {
            return new Operation(operations.labelValues(vault, operation), errors.labelValues(vault, operation));
        }

        <T> T count(Supplier<T> work) {
            all.inc();
            try {
                return work.get();
            } catch (ProtocolException refusal) {
                // One of the vault's own says that it is away.
                if (refusal.code().status() >= 500) {
                    failed.inc();
                }
                throw refusal;
            } catch (RuntimeException failure) {
                failed.inc();
                throw failure;
            }
        }
    }

    private record MeteredKey(SigningKey key, Operation signing) implements SigningKey {

        @Override
        public KeyAlgorithm algorithm() {
            return key.algorithm();
        }

        @Override
        public byte[] sign(SignatureAlgorithm algorithm, byte[] hash) {
            return signing.count(() -> key.sign(algorithm, hash));
        }

        @Override
        public void close() {
            key.close();
        }
    }
}

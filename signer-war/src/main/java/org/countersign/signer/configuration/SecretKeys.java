package org.countersign.signer.configuration;

import java.util.Map;
import org.countersign.core.configuration.ConfigurationObject;
import org.countersign.server.tenancy.ContextName;
import org.countersign.server.tenancy.ContextSecret;
import org.countersign.server.tenancy.EnvironmentSecret;

/**
 * The two secrets of a context, which no default replaces. The SAD key comes from the environment ({@code
 * SIGNER_SAD_KEY_CONTEXT}, else {@code SIGNER_SAD_KEY}); the vaults' master secret from {@code hsm.masterSecret} of the
 * file, by reference, else likewise from {@code SIGNER_MASTER_SECRET_CONTEXT} or {@code SIGNER_MASTER_SECRET}. Each is
 * any text of 32 bytes or more, from which this company's own is derived.
 */
public record SecretKeys(byte[] sadKey, byte[] masterSecret) {

    static final String MASTER_SECRET_KEY = "masterSecret";

    private static final EnvironmentSecret SAD_KEY =
            new EnvironmentSecret("SIGNER_SAD_KEY", "SAD key", ContextSecret.SAD_KEY);
    private static final EnvironmentSecret MASTER_SECRET =
            new EnvironmentSecret("SIGNER_MASTER_SECRET", "master secret", ContextSecret.MASTER_SECRET);

    static SecretKeys read(ConfigurationObject file, ContextName context, Map<String, String> environment) {
        return new SecretKeys(
                SAD_KEY.read(file, context, environment),
                MASTER_SECRET.read(file.object("hsm"), MASTER_SECRET_KEY, context, environment));
    }

    @Override
    public String toString() {
        return "the secret keys of a context";
    }
}

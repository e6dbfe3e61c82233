package org.countersign.signer.configuration;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.countersign.core.configuration.ConfigurationObject;
import org.countersign.core.configuration.SecretReference;
import org.countersign.server.tenancy.ContextName;
import org.countersign.server.tenancy.ContextSecret;

/**
 * The two secrets of a context, which no default replaces. The SAD key comes from the environment ({@code
 * SIGNER_SAD_KEY_CONTEXT}, else {@code SIGNER_SAD_KEY}); the vaults' master secret from {@code hsm.masterSecret} of the
 * file, by reference, else likewise from {@code SIGNER_MASTER_SECRET_CONTEXT} or {@code SIGNER_MASTER_SECRET}. Each is
 * any text of 32 bytes or more, from which this company's own is derived.
 */
public record SecretKeys(byte[] sadKey, byte[] masterSecret) {

    private static final int LEAST_BYTES = 32;
    private static final String SAD_KEY = "SIGNER_SAD_KEY";
    private static final String MASTER_SECRET = "SIGNER_MASTER_SECRET";

    static SecretKeys read(ConfigurationObject file, ContextName context, Map<String, String> environment) {
        var inFile = file.object("hsm").secret("masterSecret");
        inFile.filter(SecretReference::isInPlace)
                .ifPresent(reference -> file.problems()
                        .error(
                                "hsm.masterSecret",
                                "must not stand in the file: use ${env:NAME}, or ${file:PATH} for demonstration"));
        var sadKey =
                checked(file, fromEnvironment(SAD_KEY, context, environment), "SAD key", variables(SAD_KEY, context));
        var masterSecret = checked(
                file,
                inFile.isPresent()
                        ? inFile.get().resolve(environment)
                        : fromEnvironment(MASTER_SECRET, context, environment),
                "master secret",
                inFile.map(SecretReference::origin).orElse(variables(MASTER_SECRET, context)));
        return new SecretKeys(
                ContextSecret.derive(sadKey, ContextSecret.SAD_KEY, context),
                ContextSecret.derive(masterSecret, ContextSecret.MASTER_SECRET, context));
    }

    private static Optional<String> fromEnvironment(String name, ContextName context, Map<String, String> environment) {
        return Optional.ofNullable(environment.get(name + "_" + context.inEnvironment()))
                .or(() -> Optional.ofNullable(environment.get(name)));
    }

    private static byte[] checked(ConfigurationObject file, Optional<String> secret, String what, String origin) {
        var bytes = secret.orElse("").strip().getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0) {
            file.problems().error(what, "is missing; expected in " + origin);
        } else if (bytes.length < LEAST_BYTES) {
            file.problems().error(what, "is too short: 32 random bytes or more are needed in " + origin);
        }
        return bytes;
    }

    private static String variables(String name, ContextName context) {
        return "the environment variable " + name + "_" + context.inEnvironment() + " or " + name;
    }

    @Override
    public String toString() {
        return "the secret keys of a context";
    }
}

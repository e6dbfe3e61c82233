package org.countersign.server.tenancy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.countersign.core.configuration.ConfigurationObject;

/**
 * A secret that no default replaces: any text of 32 bytes or more, from a variable of the environment with the context's
 * name at its end ({@code NAME_CONTEXT}), else from the variable that all contexts share ({@code NAME}).
 *
 * @param name of the shared variable, such as {@code SIGNER_SAD_KEY}
 * @param what it is called in messages
 * @param purpose one of the constants of {@link ContextSecret}
 */
public record EnvironmentSecret(String name, String what, String purpose) {

    private static final int LEAST_BYTES = 32;

    /** The company's own, derived; the file's problems are told when there is none. */
    public byte[] read(ConfigurationObject file, ContextName context, Map<String, String> environment) {
        var variable = name + "_" + context.inEnvironment();
        var text = Optional.ofNullable(environment.get(variable)).or(() -> Optional.ofNullable(environment.get(name)));
        return derived(file, context, text, "the environment variable " + variable + " or " + name);
    }

    /** As {@link #read}, but from where the file says, if it does; it must not stand in the file itself. */
    public byte[] read(ConfigurationObject object, String key, ContextName context, Map<String, String> environment) {
        var reference = object.secret(key);
        if (reference.isEmpty()) {
            return read(object, context, environment);
        }
        if (reference.get().isInPlace()) {
            object.problems()
                    .error(
                            object.pathOf(key),
                            "must not stand in the file: use ${env:NAME}, or ${file:PATH} for demonstration");
        }
        return derived(
                object,
                context,
                reference.get().resolve(environment),
                reference.get().origin());
    }

    private byte[] derived(ConfigurationObject file, ContextName context, Optional<String> text, String origin) {
        var bytes = text.orElse("").strip().getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0) {
            file.problems().error(what, "is missing; expected in " + origin);
        } else if (bytes.length < LEAST_BYTES) {
            file.problems().error(what, "is too short: 32 random bytes or more are needed in " + origin);
        }
        return ContextSecret.derive(bytes, purpose, context);
    }
}

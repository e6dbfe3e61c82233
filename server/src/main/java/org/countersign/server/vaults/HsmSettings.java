package org.countersign.server.vaults;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.countersign.core.configuration.ConfigurationObject;
import org.countersign.server.keys.TokenSettings;

/**
 * The {@code hsm} of a configuration file.
 *
 * @param folder of {@code homo}, and of {@code kms} unless its keys are in the database; a relative one is beside the
 *     configuration file
 * @param token of {@code pkcs11}
 * @param kms of {@code kms}
 */
public record HsmSettings(Type type, Optional<Path> folder, Optional<TokenSettings> token, Optional<KmsSettings> kms) {

    private static final int LONGEST_LABEL = 32;
    private static final int DEFAULT_SESSIONS = 8;
    private static final int DEFAULT_SECONDS = 60;

    /** The kinds of vault this version has. */
    public enum Type {
        /** In memory, gone at the next start. */
        TEST("test"),
        /** In a folder, one file per key. */
        HOMO("homo"),
        /** In a folder or the database, under data keys of a key management service. */
        KMS("kms"),
        /** In a PKCS#11 token, which keys never leave. */
        PKCS11("pkcs11");

        private final String wireName;

        Type(String wireName) {
            this.wireName = wireName;
        }

        @Override
        public String toString() {
            return wireName;
        }
    }

    static Optional<HsmSettings> read(
            ConfigurationObject file, Path configurationFile, Map<String, String> environment, String... others) {
        var hsm = file.object("hsm");
        if (!hsm.isPresent()) {
            return Optional.empty();
        }
        hsm.accept(others);
        hsm.accept("library", "tokenLabel", "pin", "sessions", "timeoutInSeconds", "keyId", "dataKeysInSeconds");
        var type = hsm.choice("type", Type.class, Type.HOMO);
        var folder = hsm.text("folder").map(configurationFile::resolveSibling).map(Path::normalize);
        if (type == Type.HOMO && folder.isEmpty()) {
            file.problems().error(hsm.pathOf("folder"), "is required for the type homo");
        }
        var token = type == Type.PKCS11 ? Optional.of(token(hsm, environment)) : Optional.<TokenSettings>empty();
        var kms = type == Type.KMS ? Optional.of(KmsSettings.read(hsm)) : Optional.<KmsSettings>empty();
        hsm.refuseUnknownKeys();
        return Optional.of(new HsmSettings(type, folder, token, kms));
    }

    private static TokenSettings token(ConfigurationObject hsm, Map<String, String> environment) {
        var library = Path.of(hsm.requiredText("library"));
        if (!library.toString().isEmpty() && !library.isAbsolute()) {
            hsm.problems().error(hsm.pathOf("library"), "must be a full path");
        }
        var label = hsm.requiredText("tokenLabel").strip();
        if (label.getBytes(StandardCharsets.UTF_8).length > LONGEST_LABEL) {
            hsm.problems().error(hsm.pathOf("tokenLabel"), "must have 32 bytes at most");
        }
        if (!hsm.requiredText("pin").isEmpty()
                && hsm.secret("pin").orElseThrow().isInPlace()) {
            hsm.problems().error(hsm.pathOf("pin"), "must not stand in the file: use ${env:NAME} or ${file:PATH}");
        }
        var pin = hsm.resolved("pin", environment).orElse("");
        return new TokenSettings(
                library,
                label,
                pin,
                hsm.number("sessions", DEFAULT_SESSIONS, 1, 64),
                Duration.ofSeconds(hsm.number("timeoutInSeconds", DEFAULT_SECONDS, 1, 600)));
    }
}

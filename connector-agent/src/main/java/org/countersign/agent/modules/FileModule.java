package org.countersign.agent.modules;

import jakarta.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.UnrecoverableKeyException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import org.countersign.agent.loopback.Deadline;
import org.countersign.agent.loopback.Jsons;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.AgentError;
import org.countersign.core.error.ProtocolException;

/**
 * A PKCS#12 file (RFC 7292). Its password is the PIN; as the certificates are under it too, they are known once it was given.
 * A file has no counter, so one is kept here: after three wrong ones in a row nothing is tried for a while.
 */
final class FileModule implements TokenModule {

    private static final System.Logger LOG = System.getLogger(FileModule.class.getName());

    private static final long LARGEST = 1L << 20;
    private static final int TRIES = 3;
    private static final Duration PAUSE = Duration.ofMinutes(15);

    private final String name;
    private final Path file;
    private final Entropy entropy;
    private Map<String, X509Certificate> known = Map.of();
    private int wrong;
    private long pausedAt;

    FileModule(String name, Path file, Entropy entropy) {
        this.name = name;
        this.file = file;
        this.entropy = entropy;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public synchronized JsonObject call(
            Optional<String> reader, String operation, JsonObject details, Deadline deadline) {
        if (reader.isPresent()) {
            throw new ProtocolException(AgentError.NO_CARD, "This module's keys are in a file");
        }
        return switch (operation) {
            case "info" -> info();
            case "card" -> JsonObject.EMPTY_JSON_OBJECT;
            case "certificates" -> certificates();
            case "algorithms" -> KeyStores.algorithms();
            case "verify-pin" -> verifyPin(details);
            case "sign" -> sign(details);
            default -> throw new ProtocolException(AgentError.NOT_OFFERED, "This module does not offer this");
        };
    }

    private JsonObject info() {
        return Jsons.object()
                .add("label", String.valueOf(file.getFileName()))
                .add("serialNumber", "")
                .build();
    }

    private JsonObject certificates() {
        if (known.isEmpty()) {
            throw new ProtocolException(AgentError.PIN_REQUIRED, "The certificates are known once a PIN was right");
        }
        return KeyStores.json(known);
    }

    private JsonObject verifyPin(JsonObject details) {
        var password = password(details);
        try {
            open(password);
            return Jsons.object().add("verified", true).build();
        } finally {
            Arrays.fill(password, '\0');
        }
    }

    private JsonObject sign(JsonObject details) {
        var password = password(details);
        try {
            return KeyStores.sign(open(password), password, details, entropy);
        } catch (GeneralSecurityException refused) {
            throw new ProtocolException(AgentError.CARD_FAILED, "The key does not sign");
        } finally {
            Arrays.fill(password, '\0');
        }
    }

    private static char[] password(JsonObject details) {
        return Optional.ofNullable(details.getString("pin", null))
                .orElseThrow(() -> new ProtocolException(AgentError.PIN_REQUIRED, "A PIN is required"))
                .toCharArray();
    }

    private KeyStore open(char[] password) {
        if (wrong >= TRIES && System.nanoTime() - pausedAt < PAUSE.toNanos()) {
            throw new ProtocolException(AgentError.PIN_LOCKED, "Too many wrong PINs; nothing is tried for a while");
        }
        try {
            if (Files.size(file) > LARGEST) {
                throw new IOException("Larger than 1 MiB");
            }
            var store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(Files.readAllBytes(file)), password);
            // A file without a MAC loads with any password: its keys tell.
            for (var alias : Collections.list(store.aliases())) {
                if (store.isKeyEntry(alias)) {
                    store.getKey(alias, password);
                }
            }
            known = Map.copyOf(KeyStores.certificates(store));
            wrong = 0;
            return store;
        } catch (UnrecoverableKeyException refused) {
            throw incorrect();
        } catch (IOException unreadable) {
            if (unreadable.getCause() instanceof UnrecoverableKeyException) {
                throw incorrect();
            }
            LOG.log(System.Logger.Level.WARNING, "The file of {0} can not be read", name);
            throw new ProtocolException(AgentError.CARD_DATA, "The file can not be read");
        } catch (GeneralSecurityException damaged) {
            throw new ProtocolException(AgentError.CARD_DATA, "The file can not be read");
        }
    }

    private ProtocolException incorrect() {
        wrong = wrong >= TRIES ? 1 : wrong + 1;
        pausedAt = System.nanoTime();
        return new ProtocolException(AgentError.PIN_INCORRECT, "The PIN is not right");
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}

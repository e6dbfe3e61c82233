package org.countersign.systemtests.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.countersign.core.entropy.Entropy;
import org.countersign.server.keys.ActivationKey;
import org.countersign.server.keys.DatabaseWrappedKeys;
import org.countersign.server.keys.FolderWrappedKeys;
import org.countersign.server.keys.KeyAlgorithm;
import org.countersign.server.keys.KeyVault;
import org.countersign.server.keys.MasterSecret;
import org.countersign.server.keys.SignatureAlgorithm;
import org.countersign.server.keys.SignatureProvider;
import org.countersign.server.keys.SoftwareKeyVault;
import org.countersign.server.keys.Token;
import org.countersign.server.keys.TokenKeyVault;
import org.countersign.server.keys.TokenSettings;
import org.countersign.server.keys.WrappedKeys;

/** A vault of the server's own code with a number of P-256 keys in it. */
final class VaultUnderTest implements AutoCloseable {

    /** Where the keys are. */
    enum Kind {
        DATABASE,
        FOLDER,
        TOKEN;

        static Kind named(String name) {
            return Arrays.stream(values())
                    .filter(kind -> kind.label().equals(name))
                    .findFirst()
                    .orElseThrow(
                            () -> new IllegalArgumentException("database, folder and token are measured, not " + name));
        }

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static final Path LIBRARY = Path.of("/usr/lib/softhsm/libsofthsm2.so");

    private static final String PIN = "benchmark";
    private static final int SESSIONS = 4;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final SignatureAlgorithm ALGORITHM = SignatureAlgorithm.parse("SHA256WITHECDSA", null);
    private static final byte[] SECRET = new byte[ActivationKey.LENGTH];

    private final Kind kind;
    private final List<UUID> keys = new ArrayList<>();
    private final Random random = new SecureRandom();
    private final Entropy entropy;
    private final Path folder;
    private final TokenSettings settings;

    private KeyVault vault;
    private Token token;

    /** @param folder of its own. @param database with the table of wrapped keys, of its own */
    VaultUnderTest(Kind kind, Path folder, DataSource database, SignatureProvider provider, Entropy entropy)
            throws IOException {
        this.kind = kind;
        this.folder = Files.createDirectories(folder);
        this.entropy = entropy;
        this.settings = new TokenSettings(LIBRARY, folder.getFileName().toString(), PIN, SESSIONS, PATIENCE);
        if (kind == Kind.TOKEN) {
            initialise(settings.label());
            begin();
        } else {
            WrappedKeys wrapped =
                    kind == Kind.DATABASE ? new DatabaseWrappedKeys(database) : new FolderWrappedKeys(folder);
            vault = new SoftwareKeyVault(wrapped, new MasterSecret(SECRET), provider, entropy);
        }
    }

    private static void initialise(String label) throws IOException {
        var process = new ProcessBuilder(
                        "softhsm2-util", "--init-token", "--free", "--label", label, "--so-pin", PIN, "--pin", PIN)
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new IOException("softhsm2-util made no token: " + output);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", stopped);
        }
    }

    /** As after a start of the server: of a token, a process that has logged in anew and remembers no key. */
    void begin() {
        if (kind == Kind.TOKEN) {
            close();
            token = Token.open(settings, folder);
            vault = new TokenKeyVault(token);
        }
    }

    void fill(int number) {
        while (keys.size() < number) {
            keys.add(generate());
        }
    }

    /** Milliseconds of making one more key, which is destroyed afterwards. */
    double timeToGenerate() {
        long begin = System.nanoTime();
        var key = generate();
        long end = System.nanoTime();
        vault.destroy(key);
        return (end - begin) / 1e6;
    }

    private UUID generate() {
        var key = entropy.uuid();
        try (var activation = new ActivationKey(SECRET)) {
            vault.generate(key, KeyAlgorithm.EC_P256, activation);
        }
        return key;
    }

    UUID anyKey() {
        return keys.get(random.nextInt(keys.size()));
    }

    /** Milliseconds of opening a key, signing a hash and closing the key. */
    double timeToSign(UUID key) {
        var hash = entropy.bytes(32);
        long begin = System.nanoTime();
        try (var activation = new ActivationKey(SECRET);
                var open = vault.open(key, activation)) {
            open.sign(ALGORITHM, hash);
        }
        return (System.nanoTime() - begin) / 1e6;
    }

    @Override
    public void close() {
        if (token != null) {
            token.close();
            token = null;
        }
    }
}

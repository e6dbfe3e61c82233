package org.countersign.cli.tenant;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.countersign.cli.process.PrivateFile;
import org.countersign.cli.terminal.Refusal;

/** Passphrases and keys from files that only their owner may read, or from the terminal; never from the command line. */
final class SecretFile {

    /** For an attacker with the file: Argon2id's cost a guess. */
    private static final int LEAST_PASSPHRASE = 16;

    private static final long MAX_BYTES = 65_536;

    private SecretFile() {}

    /** @param file null to ask at the terminal */
    static byte[] passphrase(Path file, boolean twice) throws IOException {
        var passphrase = file == null ? prompt(twice) : fromFile(file);
        if (passphrase.length < LEAST_PASSPHRASE) {
            throw Refusal.failed("The passphrase is too short: it needs " + LEAST_PASSPHRASE
                    + " characters or more, best made by: openssl rand -base64 32");
        }
        return passphrase;
    }

    static String text(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw Refusal.failed(file + " does not exist.");
        }
        if (Files.size(file) > MAX_BYTES) {
            throw Refusal.failed(file + " is too large.");
        }
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    private static byte[] fromFile(Path file) throws IOException {
        PrivateFile.refuseReadableByOthers(file);
        return text(file).strip().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] prompt(boolean twice) {
        var console = System.console();
        if (console == null) {
            throw new Refusal(Refusal.USAGE, "There is no terminal to ask for the passphrase: name --passphrase-file.");
        }
        var first = console.readPassword("Passphrase of the file: ");
        if (first == null) {
            throw Refusal.failed("No passphrase was given.");
        }
        if (twice) {
            var second = console.readPassword("Once more: ");
            boolean same = second != null && Arrays.equals(first, second);
            if (second != null) {
                Arrays.fill(second, '\0');
            }
            if (!same) {
                throw Refusal.failed("The two passphrases differ.");
            }
        }
        ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(first));
        Arrays.fill(first, '\0');
        var bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        Arrays.fill(encoded.array(), (byte) 0);
        return bytes;
    }
}

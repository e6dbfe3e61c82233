package org.countersign.systemtests.harness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.countersign.cli.process.Folders;

/** The independent opinion on what the server made. */
public final class OpenSsl {

    private OpenSsl() {}

    /**
     * Whether {@code openssl pkeyutl} verifies a signature over a hash (Ed25519: over a message).
     *
     * @param certificate base64 of the DER, as the info call shows it
     * @param signature base64
     */
    public static boolean verifies(KeyKind kind, String certificate, byte[] hash, String signature) {
        try {
            var folder = Files.createTempDirectory("openssl");
            try {
                Files.write(folder.resolve("certificate"), Base64.getDecoder().decode(certificate));
                Files.write(folder.resolve("hash"), hash);
                Files.write(folder.resolve("signature"), Base64.getDecoder().decode(signature));
                var key = run(folder, List.of("x509", "-inform", "DER", "-in", "certificate", "-pubkey", "-noout"));
                Files.writeString(folder.resolve("key"), key.output());
                var command = new ArrayList<>(List.of("pkeyutl", "-verify", "-pubin", "-inkey", "key"));
                command.addAll(List.of("-in", "hash", "-sigfile", "signature"));
                command.addAll(kind.opensslOptions());
                return run(folder, command).exitCode() == 0;
            } finally {
                Folders.deleteTree(folder);
            }
        } catch (IOException failure) {
            throw new IllegalStateException("openssl could not be run", failure);
        }
    }

    /** Whether a request for a certificate is signed by the key in it. */
    public static boolean verifiesRequest(String csr) {
        try {
            var folder = Files.createTempDirectory("openssl");
            try {
                Files.writeString(folder.resolve("csr"), csr);
                return run(folder, List.of("req", "-in", "csr", "-verify", "-noout"))
                                .exitCode()
                        == 0;
            } finally {
                Folders.deleteTree(folder);
            }
        } catch (IOException failure) {
            throw new IllegalStateException("openssl could not be run", failure);
        }
    }

    /** Runs a command of openssl's in a folder. */
    static boolean succeeds(Path folder, List<String> arguments) throws IOException {
        return run(folder, arguments).exitCode() == 0;
    }

    /** Likewise. @return what it printed */
    static String output(Path folder, List<String> arguments) throws IOException {
        return run(folder, arguments).output();
    }

    private record Result(int exitCode, String output) {}

    private static Result run(Path folder, List<String> arguments) throws IOException {
        var command = new ArrayList<>(List.of("openssl"));
        command.addAll(arguments);
        var process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("openssl did not end");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        }
        return new Result(process.exitValue(), output);
    }
}

package org.countersign.server.keys;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The {@code openssl} command line as a judge that shares no code with ours. */
final class OpenSsl {

    private final Path folder;

    OpenSsl(Path folder) {
        this.folder = folder;
    }

    boolean verifies(PublicKey key, SignatureAlgorithm algorithm, byte[] hash, byte[] signature) {
        write("key.pem", pem(key).getBytes(StandardCharsets.US_ASCII));
        write("hash.bin", hash);
        write("signature.bin", signature);
        var command = new ArrayList<>(List.of("pkeyutl", "-verify", "-pubin", "-inkey", "key.pem"));
        command.addAll(List.of("-in", "hash.bin", "-sigfile", "signature.bin"));
        command.addAll(options(algorithm));
        return run(command).contains("Signature Verified Successfully");
    }

    String run(List<String> arguments) {
        try {
            var command = new ArrayList<>(List.of("openssl"));
            command.addAll(arguments);
            var process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("openssl does not end");
            }
            return output;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    void write(String name, byte[] content) {
        try {
            Files.write(folder.resolve(name), content);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static List<String> options(SignatureAlgorithm algorithm) {
        if (!algorithm.isPrehashed()) {
            return List.of("-rawin");
        }
        var digest = algorithm.hash().name().toLowerCase(java.util.Locale.ROOT);
        return switch (algorithm.scheme()) {
            case PKCS1 -> List.of("-pkeyopt", "rsa_padding_mode:pkcs1", "-pkeyopt", "digest:" + digest);
            case PSS ->
                List.of(
                        "-pkeyopt",
                        "rsa_padding_mode:pss",
                        "-pkeyopt",
                        "digest:" + digest,
                        "-pkeyopt",
                        "rsa_mgf1_md:" + digest,
                        "-pkeyopt",
                        "rsa_pss_saltlen:digest");
            default -> List.of("-pkeyopt", "digest:" + digest);
        };
    }

    private static String pem(PublicKey key) {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }
}

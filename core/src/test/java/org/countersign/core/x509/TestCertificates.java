package org.countersign.core.x509;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A certification authority of the {@code openssl} command line, in one folder: NAME.key and NAME.pem each. */
final class TestCertificates {

    private final Path folder;

    TestCertificates(Path folder) {
        this.folder = folder;
    }

    void root(String name) {
        openssl(
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-subj",
                "/CN=" + name,
                "-days",
                "3650",
                "-keyout",
                name + ".key",
                "-out",
                name + ".pem",
                "-addext",
                "basicConstraints=critical,CA:true");
    }

    void issue(String name, String issuer, boolean authority, int days) {
        openssl(
                "req",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-subj",
                "/C=DE/O=ACME/CN=" + name,
                "-keyout",
                name + ".key",
                "-out",
                name + ".csr");
        sign(name, issuer, authority, days);
    }

    /** Signs NAME.csr, which someone else may have made. */
    void sign(String name, String issuer, boolean authority, int days) {
        write(name + ".ext", "basicConstraints=critical,CA:" + authority + "\n");
        openssl(
                "x509",
                "-req",
                "-in",
                name + ".csr",
                "-CA",
                issuer + ".pem",
                "-CAkey",
                issuer + ".key",
                "-CAcreateserial",
                "-days",
                Integer.toString(days),
                "-extfile",
                name + ".ext",
                "-out",
                name + ".pem");
    }

    /** PEM labelled PKCS7, certificates in the order given. */
    String pkcs7(String... names) {
        var command = new ArrayList<>(List.of("crl2pkcs7", "-nocrl"));
        for (var name : names) {
            command.addAll(List.of("-certfile", name + ".pem"));
        }
        return openssl(command.toArray(String[]::new));
    }

    String pem(String name) {
        try {
            return Files.readString(folder.resolve(name + ".pem"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    X509Certificate certificate(String name) {
        return Pem.certificates(pem(name)).get(0);
    }

    void write(String name, String content) {
        try {
            Files.writeString(folder.resolve(name), content);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    String openssl(String... arguments) {
        try {
            var command = new ArrayList<>(List.of("openssl"));
            command.addAll(Arrays.asList(arguments));
            var errors = folder.resolve("errors.txt");
            var process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectError(errors.toFile())
                    .start();
            process.getOutputStream().close();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException(command + ": " + Files.readString(errors));
            }
            return output;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}

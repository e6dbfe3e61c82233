package org.countersign.agent.modules;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.countersign.agent.Tools;

/** A SoftHSM token with an RSA key for signatures and an EC key for authentication, by openssl, softhsm2-util and pkcs11-tool. */
final class SoftHsm {

    static final Path LIBRARY = Path.of("/usr/lib/softhsm/libsofthsm2.so");
    static final String PIN = "482915";
    static final String PUK = "12345678";

    private SoftHsm() {}

    /** SOFTHSM2_CONF of this process, which the sandboxes inherit, names a file beneath the build's folder. */
    static void prepare(Path folder) throws IOException {
        Tools.require("softhsm2-util", "pkcs11-tool", "openssl");
        Tools.requireFile(LIBRARY);
        var configuration = Path.of(System.getenv("SOFTHSM2_CONF"));
        var tokens = Files.createDirectories(folder.resolve("tokens"));
        Files.createDirectories(configuration.getParent());
        Files.writeString(configuration, "directories.tokendir = " + tokens + "\nlog.level = ERROR\n");
        Tools.run(folder, "softhsm2-util", "--init-token", "--free", "--label", "test", "--so-pin", PUK, "--pin", PIN);
        key(folder, "rsa", "01", "digitalSignature,nonRepudiation", "rsa:2048");
        key(folder, "ec", "02", "digitalSignature", "ec", "-pkeyopt", "ec_paramgen_curve:P-256");
    }

    private static void key(Path folder, String name, String id, String usage, String... kind) {
        var request =
                new java.util.ArrayList<String>(java.util.List.of("openssl", "req", "-x509", "-nodes", "-newkey"));
        request.addAll(java.util.List.of(kind));
        request.addAll(java.util.List.of(
                "-keyout", name + ".key", "-out", name + ".pem", "-days", "30", "-subj", "/CN=Test " + name));
        request.addAll(
                java.util.List.of("-addext", "basicConstraints=critical,CA:FALSE", "-addext", "keyUsage=" + usage));
        Tools.run(folder, request.toArray(String[]::new));
        Tools.run(folder, "openssl", "x509", "-in", name + ".pem", "-outform", "DER", "-out", name + ".der");
        Tools.run(folder, "openssl", "x509", "-in", name + ".pem", "-pubkey", "-noout", "-out", name + ".pub");
        Tools.run(folder, "openssl", "pkcs8", "-topk8", "-nocrypt", "-in", name + ".key", "-out", name + ".p8");
        Tools.run(
                folder,
                "softhsm2-util",
                "--import",
                name + ".p8",
                "--token",
                "test",
                "--label",
                name,
                "--id",
                id,
                "--pin",
                PIN);
        Tools.run(
                folder,
                "pkcs11-tool",
                "--module",
                LIBRARY.toString(),
                "--login",
                "--pin",
                PIN,
                "--write-object",
                name + ".der",
                "--type",
                "cert",
                "--id",
                id,
                "--label",
                name);
    }
}

package org.countersign.agent.card;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import org.countersign.agent.Tools;

/** Makes a card with keys and certificates by {@code openssl}. */
public final class IssuedCard {

    private IssuedCard() {}

    /**
     * A key on P-256 for authentication, an RSA one for signatures.
     *
     * @param folder where {@code ec} and {@code rsa} come to lie, with the endings {@code pem}, {@code der} and, for the
     *     public key, {@code pub}
     */
    public static PivCard issue(Path folder, String pin) throws IOException, GeneralSecurityException {
        return new PivCard(pin)
                .with(
                        0x9a,
                        key(folder, "ec", "EC", "digitalSignature", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
                        "5fc105",
                        der(folder, "ec"))
                .with(
                        0x9c,
                        key(folder, "rsa", "RSA", "digitalSignature,nonRepudiation", "rsa:2048"),
                        "5fc10a",
                        der(folder, "rsa"));
    }

    private static PrivateKey key(Path folder, String name, String algorithm, String usage, String... kind)
            throws IOException, GeneralSecurityException {
        var command = new ArrayList<String>(List.of("openssl", "req", "-x509", "-nodes", "-newkey"));
        command.addAll(List.of(kind));
        command.addAll(List.of("-keyout", name + ".key", "-out", name + ".pem", "-days", "30", "-subj"));
        command.addAll(List.of("/CN=Card " + name, "-addext", "basicConstraints=critical,CA:FALSE"));
        command.addAll(List.of("-addext", "keyUsage=" + usage));
        Tools.run(folder, command.toArray(String[]::new));
        Tools.run(folder, "openssl", "x509", "-in", name + ".pem", "-outform", "DER", "-out", name + ".der");
        Tools.run(folder, "openssl", "x509", "-in", name + ".pem", "-pubkey", "-noout", "-out", name + ".pub");
        var pkcs8 = List.of("openssl", "pkcs8", "-topk8", "-nocrypt", "-outform", "DER");
        var convert = new ArrayList<>(pkcs8);
        convert.addAll(List.of("-in", name + ".key", "-out", name + ".p8"));
        Tools.run(folder, convert.toArray(String[]::new));
        return KeyFactory.getInstance(algorithm)
                .generatePrivate(new PKCS8EncodedKeySpec(Files.readAllBytes(folder.resolve(name + ".p8"))));
    }

    private static byte[] der(Path folder, String name) throws IOException {
        return Files.readAllBytes(folder.resolve(name + ".der"));
    }
}

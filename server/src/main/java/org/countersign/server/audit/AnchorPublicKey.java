package org.countersign.server.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;

/** What checks the signature of a {@link SignedHead}. In files: PEM of a SubjectPublicKeyInfo (RFC 8410). */
public final class AnchorPublicKey {

    private static final Pattern PEM =
            Pattern.compile("\\s*-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\\s]+)-----END PUBLIC KEY-----\\s*");

    private final Ed25519PublicKeyParameters key;

    AnchorPublicKey(Ed25519PublicKeyParameters key) {
        this.key = key;
    }

    /** @throws IllegalArgumentException when this is not one Ed25519 public key in PEM */
    public static AnchorPublicKey ofPem(String pem) {
        var parts = PEM.matcher(pem);
        if (parts.matches()) {
            try {
                byte[] der = Base64.getMimeDecoder().decode(parts.group(1));
                if (PublicKeyFactory.createKey(der) instanceof Ed25519PublicKeyParameters key) {
                    return new AnchorPublicKey(key);
                }
            } catch (IOException | RuntimeException unreadable) {
                throw new IllegalArgumentException("Not an Ed25519 public key in PEM", unreadable);
            }
        }
        throw new IllegalArgumentException("Not an Ed25519 public key in PEM");
    }

    public String toPem() {
        try {
            byte[] der =
                    SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(key).getEncoded();
            var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
            return "-----BEGIN PUBLIC KEY-----\n" + lines + "\n-----END PUBLIC KEY-----\n";
        } catch (IOException impossible) {
            throw new IllegalStateException("An Ed25519 key always has its encoding", impossible);
        }
    }

    /** Tells keys apart in file names: the first 16 hexadecimal digits of SHA-256 over the PEM. */
    String shortName() {
        return EntryHash.over(toPem().getBytes(StandardCharsets.US_ASCII)).hex().substring(0, 16);
    }

    boolean signed(SignedHead head) {
        byte[] message = head.message();
        var verifier = new Ed25519Signer();
        verifier.init(false, key);
        verifier.update(message, 0, message.length);
        return verifier.verifySignature(head.signatureBytes());
    }
}

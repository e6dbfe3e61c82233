package org.countersign.server.issuing;

import java.math.BigInteger;
import java.net.URI;
import java.util.Base64;
import org.countersign.core.x509.SelfSignedCertificate;
import org.countersign.server.keys.SigningKey;

/** The certificate that a signing key gives itself. It is worth what the service's published keys are. */
final class KeyCertificate {

    private static final int SERIAL_BYTES = 16;

    private KeyCertificate() {}

    /** @return DER in base64, as {@code x5c} has it (RFC 7515 §4.1.6) */
    static String of(StoredKey key, SigningKey open, URI owner) {
        var algorithm = key.algorithm().signature();
        var thumbprint = Base64.getUrlDecoder().decode(key.kid());
        var der = SelfSignedCertificate.der(
                PublicJwk.key(key.jwk()),
                // The same on every node; zero is no chance worth a branch.
                new BigInteger(1, thumbprint, 0, SERIAL_BYTES),
                key.kid(),
                owner,
                key.createdAt(),
                algorithm.algorithmIdentifier(),
                octets -> open.sign(algorithm, algorithm.digest(octets)));
        return Base64.getEncoder().encodeToString(der);
    }
}

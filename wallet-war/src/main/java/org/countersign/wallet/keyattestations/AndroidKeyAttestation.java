package org.countersign.wallet.keyattestations;

import static org.countersign.wallet.keyattestations.BadKeyAttestation.require;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.countersign.core.jose.Base64Url;
import org.countersign.core.jose.P256PublicKey;
import org.countersign.wallet.keyattestations.KeyDescription.Authorizations;

/**
 * Android Key Attestation: certificates in base64url, the key's own first, with dots between. The hardware signed that it made the
 * key just now, for signatures alone, on a locked device that started what its maker signed.
 */
final class AndroidKeyAttestation {

    static final String PREFIX = "android-key:";

    private static final BigInteger SIGN = BigInteger.TWO;
    private static final BigInteger VERIFY = BigInteger.valueOf(3);
    private static final BigInteger PASSWORD = BigInteger.ONE;
    private static final BigInteger GENERATED = BigInteger.ZERO;

    private final KeyAttestationSettings.Android settings;

    AndroidKeyAttestation(KeyAttestationSettings.Android settings) {
        this.settings = settings;
    }

    /**
     * @param text what follows the prefix
     * @param key that it is to be about
     * @param nonce of the provider, whose characters are the challenge
     */
    AttestedKey verify(String text, P256PublicKey key, String nonce, Instant at) throws BadKeyAttestation {
        var path = AttestationPath.verify(certificates(text), settings.roots(), at);
        for (X509Certificate certificate : path) {
            require(!settings.revoked().contains(certificate.getSerialNumber()), "revoked certificate");
        }
        // Who has an attested key could write a description of another one under it.
        for (X509Certificate issuer : path.subList(1, path.size())) {
            require(issuer.getExtensionValue(KeyDescription.OID) == null, "description of another key");
        }
        var own = path.get(0);
        require(AttestationPath.key(own).equals(key), "another key");
        var extension = own.getExtensionValue(KeyDescription.OID);
        require(extension != null, "no description of the key");
        try {
            return verify(KeyDescription.parse(extension), nonce);
        } catch (IOException | IllegalArgumentException | IllegalStateException malformed) {
            throw new BadKeyAttestation("form of the key's description");
        }
    }

    private static List<byte[]> certificates(String text) throws BadKeyAttestation {
        var certificates = new ArrayList<byte[]>();
        for (String part : text.split("\\.", -1)) {
            certificates.add(Base64Url.decode(part).orElseThrow(() -> new BadKeyAttestation("form of a certificate")));
        }
        return certificates;
    }

    private AttestedKey verify(KeyDescription description, String nonce) throws BadKeyAttestation, IOException {
        require(
                MessageDigest.isEqual(description.challenge(), nonce.getBytes(StandardCharsets.US_ASCII)),
                "another challenge");
        var keyType = keyType(description);
        var hardware = description.hardware();
        var purposes = hardware.numbers(Authorizations.PURPOSE);
        require(purposes.contains(SIGN) && Set.of(SIGN, VERIFY).containsAll(purposes), "purpose of the key");
        require(hardware.number(Authorizations.ORIGIN).equals(Optional.of(GENERATED)), "origin of the key");
        require(
                !hardware.has(Authorizations.ALL_APPLICATIONS)
                        && !description.software().has(Authorizations.ALL_APPLICATIONS),
                "key of all apps");
        var root = hardware.rootOfTrust();
        require(root.isPresent() && root.get().locked() && root.get().verified(), "state of the device");
        requireApp(description.software());
        return new AttestedKey(keyType, userAuthentication(hardware));
    }

    private static String keyType(KeyDescription description) throws BadKeyAttestation {
        // The weaker of who keeps the key and who says so.
        var level = description.attestationLevel().min(description.keyLevel());
        require(
                level.equals(KeyDescription.TRUSTED_ENVIRONMENT) || level.equals(KeyDescription.STRONG_BOX),
                "level of the key");
        return level.equals(KeyDescription.STRONG_BOX) ? AttestedKey.STRONG_BOX : AttestedKey.TEE;
    }

    private void requireApp(Authorizations software) throws BadKeyAttestation, IOException {
        if (settings.packages().isEmpty() && settings.signers().isEmpty()) {
            return;
        }
        var app = software.applicationId().orElseThrow(() -> new BadKeyAttestation("no app"));
        require(
                settings.packages().isEmpty()
                        || !app.packages().isEmpty() && settings.packages().containsAll(app.packages()),
                "another app");
        require(
                settings.signers().isEmpty()
                        || !app.signers().isEmpty() && settings.signers().containsAll(app.signers()),
                "app signed by another");
    }

    /** Where several ways are open, the one that can be looked over somebody's shoulder. */
    private static Optional<String> userAuthentication(Authorizations hardware) {
        if (hardware.has(Authorizations.NO_AUTH_REQUIRED)) {
            return Optional.empty();
        }
        return hardware.number(Authorizations.USER_AUTH_TYPE)
                .filter(types -> types.signum() > 0)
                .map(types -> types.and(PASSWORD).signum() != 0 ? AttestedKey.SYSTEM_PIN : AttestedKey.SYSTEM_BIOMETRY);
    }
}

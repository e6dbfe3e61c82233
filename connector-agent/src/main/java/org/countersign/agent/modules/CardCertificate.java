package org.countersign.agent.modules;

import jakarta.json.JsonObject;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.countersign.agent.loopback.Jsons;
import org.countersign.core.x509.CertificateEncoding;

/**
 * A certificate on a card.
 *
 * @param id of certificate and key on the card, hexadecimal
 * @param place what it is for by where it is on the card; nothing when its key usage says it
 */
record CardCertificate(String id, X509Certificate certificate, Optional<Use> place) {

    private static final int DIGITAL_SIGNATURE = 0;
    private static final int NON_REPUDIATION = 1;
    private static final int KEY_ENCIPHERMENT = 2;
    private static final int KEY_AGREEMENT = 4;
    /** CKK_RSA of PKCS#11. */
    private static final int RSA = 0;
    /** CKK_EC of PKCS#11. */
    private static final int EC = 3;

    /** What a certificate is for, by its key usage (RFC 5280 §4.2.1.3). */
    enum Use {
        AUTHENTICATION,
        NON_REPUDIATION,
        ENCRYPTION,
        INTERMEDIATE,
        ROOT
    }

    /** Nothing when it does not decode: cards have all sorts of things. */
    static Optional<CardCertificate> of(JsonObject json) {
        try {
            var der = Base64.getDecoder().decode(json.getString("certificate"));
            var place = Optional.ofNullable(json.getString("use", null)).map(Use::valueOf);
            return Optional.of(new CardCertificate(json.getString("id"), CertificateEncoding.decode(der), place));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    boolean is(Use use) {
        if (place.isPresent()) {
            return place.get() == use;
        }
        boolean authority = certificate.getBasicConstraints() >= 0;
        boolean own = certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
        var usage = certificate.getKeyUsage();
        return switch (use) {
            case ROOT -> authority && own;
            case INTERMEDIATE -> authority && !own;
            case NON_REPUDIATION -> !authority && usage != null && usage[NON_REPUDIATION];
            // Without a key usage it may do anything.
            case AUTHENTICATION -> !authority && (usage == null || usage[DIGITAL_SIGNATURE] && !usage[NON_REPUDIATION]);
            case ENCRYPTION -> !authority && usage != null && (usage[KEY_ENCIPHERMENT] || usage[KEY_AGREEMENT]);
        };
    }

    /** As PKCS#11 numbers it; nothing for keys that do not sign here. */
    OptionalInt keyType() {
        return switch (certificate.getPublicKey().getAlgorithm()) {
            case "RSA" -> OptionalInt.of(RSA);
            case "EC" -> OptionalInt.of(EC);
            default -> OptionalInt.empty();
        };
    }

    /** @param others on the card, among which the issuer's may be */
    JsonObject json(Use use, List<CardCertificate> others) {
        var der = CertificateEncoding.encode(certificate);
        var json = Jsons.object()
                .add("certificate", Base64.getEncoder().encodeToString(der))
                .add("certificateType", use.name())
                .add("id", id)
                .add("subject", certificate.getSubjectX500Principal().getName())
                .add("issuer", certificate.getIssuerX500Principal().getName())
                .add("serialNumber", certificate.getSerialNumber().toString(16))
                .add("hashSubPubKey", sha256(certificate.getPublicKey().getEncoded()));
        others.stream()
                .filter(this::isIssuedBy)
                .findFirst()
                .ifPresent(issuer -> json.add(
                        "hashIssPubKey",
                        sha256(issuer.certificate().getPublicKey().getEncoded())));
        return json.build();
    }

    private boolean isIssuedBy(CardCertificate issuer) {
        if (!certificate.getIssuerX500Principal().equals(issuer.certificate().getSubjectX500Principal())) {
            return false;
        }
        try {
            certificate.verify(issuer.certificate().getPublicKey());
            return true;
        } catch (GeneralSecurityException another) {
            return false;
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}

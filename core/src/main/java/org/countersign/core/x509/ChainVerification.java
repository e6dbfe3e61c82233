package org.countersign.core.x509;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.countersign.core.error.ProtocolException;

/** From the credential's certificate up to a trust anchor, then path validation (RFC 5280 §6) by the JDK. */
final class ChainVerification {

    private ChainVerification() {}

    static CertificateChain verify(
            List<X509Certificate> certificates, PublicKey credentialKey, Instant at, TrustAnchors anchors) {
        var chain = order(certificates, endEntity(certificates, credentialKey), anchors);
        var root = chain.get(chain.size() - 1);
        if (!isSelfSigned(root) && !anchors.certificates().contains(root)) {
            throw ProtocolException.invalidRequest(
                    "The certificate chain is incomplete: an issuer's certificate is missing");
        }
        var ordered = new CertificateChain(chain);
        if (at.isBefore(ordered.notBefore())) {
            throw ProtocolException.invalidRequest("A certificate of the chain is not yet valid");
        }
        if (at.isAfter(ordered.notAfter())) {
            throw ProtocolException.invalidRequest("A certificate of the chain has expired");
        }
        if (!anchors.certificates().contains(root)) {
            throw ProtocolException.invalidRequest(
                    "The certificate chain does not end at a trust anchor of the tenant");
        }
        validate(chain, root, at);
        return ordered;
    }

    static boolean isSelfSigned(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())
                && isSignedBy(certificate, certificate);
    }

    private static X509Certificate endEntity(List<X509Certificate> certificates, PublicKey credentialKey) {
        return certificates.stream()
                .filter(certificate ->
                        MessageDigest.isEqual(certificate.getPublicKey().getEncoded(), credentialKey.getEncoded()))
                .findFirst()
                .orElseThrow(() ->
                        ProtocolException.invalidRequest("No certificate carries the public key of the credential"));
    }

    private static List<X509Certificate> order(
            List<X509Certificate> certificates, X509Certificate endEntity, TrustAnchors anchors) {
        var chain = new ArrayList<>(List.of(endEntity));
        // Anchors are candidates as well: a root that did not come along is known already.
        var candidates = Stream.concat(certificates.stream(), anchors.certificates().stream())
                .distinct()
                .toList();
        var last = endEntity;
        while (!anchors.certificates().contains(last) && !isSelfSigned(last)) {
            var issuer = issuer(last, candidates, chain);
            if (issuer.isEmpty()) {
                break;
            }
            last = issuer.get();
            chain.add(last);
        }
        return chain;
    }

    private static Optional<X509Certificate> issuer(
            X509Certificate certificate, List<X509Certificate> candidates, List<X509Certificate> chain) {
        var named = candidates.stream()
                .filter(candidate -> candidate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal()))
                .filter(candidate -> !chain.contains(candidate))
                .toList();
        // A re-keyed issuer has two certificates of one name: prefer the one whose key fits, leave refusal to PKIX.
        return named.stream()
                .filter(candidate -> isSignedBy(certificate, candidate))
                .findFirst()
                .or(() -> named.stream().findFirst());
    }

    private static boolean isSignedBy(X509Certificate certificate, X509Certificate issuer) {
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException otherKey) {
            return false;
        }
    }

    private static void validate(List<X509Certificate> chain, X509Certificate root, Instant at) {
        // RFC 5280 §6.1: the path is without its anchor, unless the end entity is the anchor itself.
        var path = chain.size() == 1 ? chain : chain.subList(0, chain.size() - 1);
        try {
            var parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(at));
            CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
        } catch (CertPathValidatorException invalid) {
            throw ProtocolException.invalidRequest(description(invalid));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("The JDK has no PKIX validation", impossible);
        }
    }

    private static String description(CertPathValidatorException invalid) {
        return invalid.getReason() == BasicReason.ALGORITHM_CONSTRAINED
                ? "The certificate chain uses an algorithm or a key that is too weak"
                : "The certificate chain does not verify";
    }
}

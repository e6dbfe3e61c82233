package org.countersign.wallet.keyattestations;

import static org.countersign.wallet.keyattestations.BadKeyAttestation.require;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.countersign.core.x509.TrustAnchors;

/**
 * The certificates of an Android device. They are those of {@link AttestationPath} but for the dates: the device itself sets those of
 * the key's own certificate, by a clock that nobody has to believe, and authorities that were put into devices at the factory expire
 * while the devices are in use. Such ones count on, until they are revoked; those that Google renews over the air do not.
 */
final class AndroidPath {

    private static final int KEY_CERT_SIGN = 5;
    private static final Set<String> TITLES = Set.of("TEE", "StrongBox");
    private static final Set<String> SIGNATURES = Set.of(
            "SHA256withECDSA", "SHA384withECDSA", "SHA512withECDSA", "SHA256withRSA", "SHA384withRSA", "SHA512withRSA");

    private AndroidPath() {}

    /**
     * @param der as sent; a root at their end may be left out, and be of another date than the configuration's
     */
    static AttestationPath verify(List<byte[]> der, TrustAnchors roots, Instant at) throws BadKeyAttestation {
        var path = AttestationPath.decode(der);
        if (isRoot(path.get(path.size() - 1), roots)) {
            path.remove(path.size() - 1);
        }
        require(path.size() > 1, "number of certificates");
        requireAuthorities(path);
        requireOwn(path.get(0), path.get(1));
        var authorities = path.subList(1, path.size());
        return new AttestationPath(
                path,
                AttestationPath.validate(
                        authorities, roots, isOfFactory(authorities) ? whenValid(authorities, at) : at));
    }

    /** The configuration's certificate counts in its place, whatever else this one says. */
    private static boolean isRoot(X509Certificate last, TrustAnchors roots) {
        return last.getIssuerX500Principal().equals(last.getSubjectX500Principal())
                && roots.certificates().stream()
                        .anyMatch(root -> root.getSubjectX500Principal().equals(last.getSubjectX500Principal())
                                && root.getPublicKey().equals(last.getPublicKey()));
    }

    /** What RFC 5280 §6.1.4 (k) to (n) asks of all that issue: PKIX would take the last one for a key's own. */
    private static void requireAuthorities(List<X509Certificate> path) throws BadKeyAttestation {
        for (int i = 1; i < path.size(); i++) {
            var usage = path.get(i).getKeyUsage();
            // -1: no authority; else how many may be between it and the key's own
            require(
                    path.get(i).getBasicConstraints() >= i - 1 && (usage == null || usage[KEY_CERT_SIGN]),
                    "chain of certificates");
        }
    }

    private static void requireOwn(X509Certificate own, X509Certificate issuer) throws BadKeyAttestation {
        require(
                own.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())
                        && SIGNATURES.contains(own.getSigAlgName())
                        && !own.hasUnsupportedCriticalExtension(),
                "chain of certificates");
        try {
            own.verify(issuer.getPublicKey());
        } catch (GeneralSecurityException invalid) {
            throw new BadKeyAttestation("chain of certificates");
        }
    }

    /** By the name that Google's root certified: a serial number, and the title that tells where the key is kept. */
    private static boolean isOfFactory(List<X509Certificate> authorities) {
        var name = X500Name.getInstance(authorities
                .get(authorities.size() - 1)
                .getSubjectX500Principal()
                .getEncoded());
        return name.getRDNs(BCStyle.SERIALNUMBER).length > 0 && has(name, BCStyle.T, TITLES);
    }

    private static boolean has(X500Name name, ASN1ObjectIdentifier type, Set<String> values) {
        return Arrays.stream(name.getRDNs(type))
                .map(found -> IETFUtils.valueToString(found.getFirst().getValue()))
                .anyMatch(values::contains);
    }

    /** The last moment when none of them had expired, now at the latest. */
    private static Instant whenValid(List<X509Certificate> authorities, Instant at) {
        return authorities.stream()
                .map(authority -> authority.getNotAfter().toInstant())
                .filter(at::isAfter)
                .min(Instant::compareTo)
                .orElse(at);
    }
}

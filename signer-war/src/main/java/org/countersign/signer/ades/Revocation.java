package org.countersign.signer.ades;

import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.spi.CertificateExtensionsUtils;
import eu.europa.esig.dss.spi.validation.CertificateVerifier;
import eu.europa.esig.dss.spi.x509.revocation.RevocationToken;
import java.util.List;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.x509.CertificateChain;

/** What the levels with revocation data need, asked for before anything is signed; the verifier has it then, and asks no more. */
public final class Revocation {

    private Revocation() {}

    /** @throws ProtocolException {@code invalid_request} when a certificate is revoked, or nothing tells */
    public static void requireNotRevoked(CertificateChain chain, CertificateVerifier verifier) {
        var certificates =
                chain.certificates().stream().map(CertificateToken::new).toList();
        for (int i = 0; i < certificates.size(); i++) {
            var certificate = certificates.get(i);
            if (certificate.isSelfSigned() || verifier.getTrustedCertSources().isTrusted(certificate)) {
                return;
            }
            var told = told(certificate, issuer(certificates, i, verifier), verifier);
            if (told == null) {
                throw unknown();
            }
            if (told.getStatus().isRevoked()) {
                throw ProtocolException.invalidRequest("A certificate of the chain is revoked");
            }
        }
    }

    /** In the order in which the verifier asks. */
    private static RevocationToken<?> told(
            CertificateToken certificate, CertificateToken issuer, CertificateVerifier verifier) {
        var told = verifier.getOcspSource().getRevocationToken(certificate, issuer);
        if (told == null) {
            return verifier.getCrlSource().getRevocationToken(certificate, issuer);
        }
        requireResponderNotRevoked(told.getIssuerCertificateToken(), issuer, verifier);
        return told;
    }

    /** Whom the issuer certified for its answers needs revocation data as well, but where his certificate says that he needs none. */
    private static void requireResponderNotRevoked(
            CertificateToken responder, CertificateToken issuer, CertificateVerifier verifier) {
        if (responder.getPublicKey().equals(issuer.getPublicKey())
                || CertificateExtensionsUtils.hasOcspNoCheckExtension(responder)
                || verifier.getTrustedCertSources().isTrusted(responder)) {
            return;
        }
        var told = verifier.getCrlSource().getRevocationToken(responder, issuer);
        if (told == null || told.getStatus().isRevoked()) {
            throw unknown();
        }
    }

    private static CertificateToken issuer(List<CertificateToken> chain, int of, CertificateVerifier verifier) {
        if (of + 1 < chain.size()) {
            return chain.get(of + 1);
        }
        return verifier.getTrustedCertSources().getBySubject(chain.get(of).getIssuer()).stream()
                .filter(chain.get(of)::isSignedBy)
                .findFirst()
                .orElseThrow(Revocation::unknown);
    }

    static ProtocolException unknown() {
        return ProtocolException.invalidRequest(
                "Nothing tells whether the certificates were revoked, which the level needs");
    }
}

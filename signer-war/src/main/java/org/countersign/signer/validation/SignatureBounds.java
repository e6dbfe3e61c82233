package org.countersign.signer.validation;

import eu.europa.esig.dss.model.identifier.EncapsulatedRevocationTokenIdentifier;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.model.x509.revocation.ocsp.OCSP;
import eu.europa.esig.dss.spi.DSSASN1Utils;
import eu.europa.esig.dss.spi.x509.revocation.ocsp.OCSPResponseBinary;
import eu.europa.esig.dss.validation.DocumentValidator;
import eu.europa.esig.dss.xades.validation.XAdESSignature;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.apache.xml.security.utils.Constants;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.x509.CertificatesFile;
import org.w3c.dom.Element;

/** How much a document's signatures may have done to judge them: XML ones name what is computed of the document, as often as they like. */
final class SignatureBounds {

    private static final int MOST_SIGNATURES = 100;
    /** A container has one for each of its files. */
    private static final int MOST_REFERENCES = 1_100;

    private static final int MOST_TRANSFORMS = 100;

    private SignatureBounds() {}

    /**
     * Before anything of it is verified.
     *
     * @throws ProtocolException {@code invalid_request}
     */
    static void requireLittleWork(DocumentValidator validator) {
        var signatures = validator.getSignatures();
        if (signatures.size() > MOST_SIGNATURES) {
            throw tooMuch();
        }
        for (var signature : signatures) {
            requireUsualKeys(signature.getCompleteCertificateSource().getCertificates());
            signature
                    .getCompleteOCSPSource()
                    .getAllRevocationBinaries()
                    .forEach(answer -> requireUsualKeys(ofResponder(answer)));
            if (signature instanceof XAdESSignature xml) {
                requireAtMost(MOST_REFERENCES, xml.getSignatureElement(), Constants._TAG_REFERENCE);
                requireAtMost(MOST_TRANSFORMS, xml.getSignatureElement(), Constants._TAG_TRANSFORM);
            }
        }
        validator.getDetachedTimestamps().forEach(stamp -> requireUsualKeys(stamp.getCertificates()));
    }

    private static List<CertificateToken> ofResponder(EncapsulatedRevocationTokenIdentifier<OCSP> answer) {
        return answer instanceof OCSPResponseBinary binary
                ? Stream.of(binary.getBasicOCSPResp().getCerts())
                        .map(DSSASN1Utils::getCertificate)
                        .toList()
                : List.of();
    }

    private static void requireUsualKeys(Collection<CertificateToken> certificates) {
        CertificatesFile.requireUsualKeys(
                certificates.stream().map(CertificateToken::getCertificate).toList());
    }

    private static void requireAtMost(int most, Element within, String name) {
        if (within.getElementsByTagNameNS(Constants.SignatureSpecNS, name).getLength() > most) {
            throw tooMuch();
        }
    }

    private static ProtocolException tooMuch() {
        return ProtocolException.invalidRequest("The document's signatures take too much work");
    }
}

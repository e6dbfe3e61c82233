package org.countersign.signer.documents;

import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.DSSMessageDigest;
import eu.europa.esig.dss.model.DigestDocument;
import eu.europa.esig.dss.model.SignatureValue;
import eu.europa.esig.dss.pades.PAdESSignatureParameters;
import eu.europa.esig.dss.pades.signature.ExternalCMSService;
import eu.europa.esig.dss.spi.validation.CertificateVerifier;
import eu.europa.esig.dss.spi.x509.tsp.TSPSource;
import java.util.Optional;
import org.countersign.core.x509.CertificateChain;

/**
 * The CMS of a PDF's signature (ETSI EN 319 142-1 §5), made of the hash of the PDF's byte range alone. Who has the PDF puts it there. The document is a
 * {@link DigestDocument}.
 */
final class SignatureOfPdfHash implements DocumentSignature {

    private final ExternalCMSService service;
    private final PAdESSignatureParameters parameters = SignatureInFormat.pades();

    SignatureOfPdfHash(
            DocumentParameters wanted,
            CertificateChain chain,
            CertificateVerifier verifier,
            Optional<TSPSource> stamps) {
        service = new ExternalCMSService(verifier);
        stamps.ifPresent(service::setTspSource);
        SignatureInFormat.describe(parameters, wanted, chain);
    }

    @Override
    public byte[] dataToSign(DSSDocument document) {
        return service.getDataToSign(hash(document), parameters).getBytes();
    }

    @Override
    public DSSDocument sign(DSSDocument document, byte[] signature) {
        return service.signMessageDigest(
                hash(document), parameters, new SignatureValue(parameters.getSignatureAlgorithm(), signature));
    }

    private static DSSMessageDigest hash(DSSDocument document) {
        return new DSSMessageDigest(((DigestDocument) document).getExistingDigest());
    }
}

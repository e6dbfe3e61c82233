package org.countersign.signer.documents;

import eu.europa.esig.dss.asic.cades.ASiCWithCAdESSignatureParameters;
import eu.europa.esig.dss.asic.cades.extract.ASiCWithCAdESContainerExtractor;
import eu.europa.esig.dss.asic.cades.signature.ASiCWithCAdESService;
import eu.europa.esig.dss.asic.common.ASiCUtils;
import eu.europa.esig.dss.asic.xades.ASiCWithXAdESSignatureParameters;
import eu.europa.esig.dss.asic.xades.signature.ASiCWithXAdESService;
import eu.europa.esig.dss.cades.CAdESSignatureParameters;
import eu.europa.esig.dss.cades.signature.CAdESService;
import eu.europa.esig.dss.cms.CMSUtils;
import eu.europa.esig.dss.enumerations.ASiCContainerType;
import eu.europa.esig.dss.enumerations.CertificationPermission;
import eu.europa.esig.dss.enumerations.DigestAlgorithm;
import eu.europa.esig.dss.enumerations.ImageScaling;
import eu.europa.esig.dss.enumerations.JWSSerializationType;
import eu.europa.esig.dss.enumerations.SigDMechanism;
import eu.europa.esig.dss.enumerations.SignatureAlgorithm;
import eu.europa.esig.dss.enumerations.SignatureForm;
import eu.europa.esig.dss.enumerations.SignatureLevel;
import eu.europa.esig.dss.enumerations.SignaturePackaging;
import eu.europa.esig.dss.enumerations.VisualSignatureRotation;
import eu.europa.esig.dss.jades.JAdESSignatureParameters;
import eu.europa.esig.dss.jades.signature.JAdESService;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.InMemoryDocument;
import eu.europa.esig.dss.model.SignatureValue;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.pades.PAdESSignatureParameters;
import eu.europa.esig.dss.pades.signature.PAdESService;
import eu.europa.esig.dss.signature.AbstractSignatureParameters;
import eu.europa.esig.dss.signature.DocumentSignatureService;
import eu.europa.esig.dss.spi.DSSASN1Utils;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CertificateVerifier;
import eu.europa.esig.dss.spi.x509.tsp.TSPSource;
import eu.europa.esig.dss.xades.XAdESSignatureParameters;
import eu.europa.esig.dss.xades.signature.XAdESService;
import java.nio.file.Path;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.TimeZone;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.x509.CertificateChain;
import org.countersign.signer.ades.PdfFiles;
import org.countersign.signer.documents.DocumentFormat.Container;
import org.countersign.signer.documents.DocumentFormat.Packaging;

/** A signature in DSS's words. */
final class SignatureInFormat<P extends AbstractSignatureParameters<?>> implements DocumentSignature {

    private final DocumentSignatureService<P, ?> service;
    private final P parameters;

    private SignatureInFormat(DocumentSignatureService<P, ?> service, P parameters) {
        this.service = service;
        this.parameters = parameters;
    }

    /**
     * @param stamps for the levels that need them
     * @param verifier knows what may be fetched for the levels that need it
     * @param folder for files that are deleted after the document was made
     */
    static SignatureInFormat<?> of(
            DocumentParameters wanted,
            CertificateChain chain,
            CertificateVerifier verifier,
            Optional<TSPSource> stamps,
            Path folder) {
        var signature = of(wanted, verifier, folder);
        describe(signature.parameters, wanted, chain);
        stamps.ifPresent(signature.service::setTspSource);
        return signature;
    }

    /** As {@link #of}, of a document of which the hash is all that is known: a {@code DigestDocument}. */
    static DocumentSignature ofHash(
            DocumentParameters wanted,
            CertificateChain chain,
            CertificateVerifier verifier,
            Optional<TSPSource> stamps) {
        if (wanted.format() == DocumentFormat.PADES) {
            return new SignatureOfPdfHash(wanted, chain, verifier, stamps);
        }
        var signature = of(wanted, chain, verifier, stamps, Path.of(""));
        if (signature.parameters instanceof JAdESSignatureParameters jades) {
            // Otherwise it is the hash of the document's base64url (ETSI TS 119 182-1 §5.2.8.3.3).
            jades.setBase64UrlEncodedPayload(false);
        }
        return signature;
    }

    private static SignatureInFormat<?> of(DocumentParameters wanted, CertificateVerifier verifier, Path folder) {
        var container = wanted.container().map(SignatureInFormat::dss);
        return switch (wanted.format()) {
            case PADES -> new SignatureInFormat<>(pdfs(verifier, folder), pades());
            case XADES ->
                container.isPresent()
                        ? new SignatureInFormat<>(new ASiCWithXAdESService(verifier), xades(container.get()))
                        : new SignatureInFormat<>(new XAdESService(verifier), new XAdESSignatureParameters());
            case CADES ->
                container.isPresent()
                        ? new SignatureInFormat<>(new ASiCWithCAdESService(verifier), cades(container.get()))
                        : new SignatureInFormat<>(new CAdESService(verifier), cades(wanted));
            case JADES -> new SignatureInFormat<>(new JAdESService(verifier), jades(wanted));
        };
    }

    private static PAdESService pdfs(CertificateVerifier verifier, Path folder) {
        var service = new PAdESService(verifier);
        service.setPdfObjFactory(PdfFiles.in(folder).factory());
        return service;
    }

    /** Two servers, or one before and after it was moved, write the same. */
    static PAdESSignatureParameters pades() {
        var parameters = new PAdESSignatureParameters();
        parameters.setSigningTimeZone(TimeZone.getTimeZone("UTC"));
        return parameters;
    }

    /**
     * Where a PDF shows its signature, and what, and what may be done to it afterwards.
     *
     * @throws ProtocolException {@code invalid_request} when the document has no such place, or is signed by others already
     */
    void place(DocumentParameters wanted, Path file, Optional<SignatureImage> image) {
        if (wanted.visible().isEmpty() && wanted.certify().isEmpty()) {
            return;
        }
        var pdf = (PAdESSignatureParameters) parameters;
        var text = wanted.visible().flatMap(VisibleSignature::text);
        var place = PdfPlace.of(
                file, wanted.visible(), wanted.certify().isPresent(), text.isPresent() || image.isPresent());
        pdf.getImageParameters().setFieldParameters(place);
        text.map(lines -> VisibleText.in(place.getWidth(), place.getHeight(), lines, image))
                .ifPresent(fitting -> pdf.getImageParameters().setTextParameters(VisibleParts.text(fitting)));
        image.ifPresent(picture -> pdf.getImageParameters().setImage(VisibleParts.image(picture)));
        pdf.getImageParameters().setImageScaling(ImageScaling.ZOOM_AND_CENTER);
        place.setRotation(VisualSignatureRotation.AUTOMATIC);
        wanted.certify().ifPresent(code -> pdf.setPermission(CertificationPermission.fromCode(code)));
    }

    /** What a detached signature is of, is whatever it is, also when it is a signature. */
    private static CAdESSignatureParameters cades(DocumentParameters wanted) {
        var parameters = new CAdESSignatureParameters();
        parameters.setParallelSignature(wanted.packaging() != Packaging.DETACHED);
        return parameters;
    }

    private static ASiCWithXAdESSignatureParameters xades(ASiCContainerType container) {
        var parameters = new ASiCWithXAdESSignatureParameters();
        parameters.aSiC().setContainerType(container);
        return parameters;
    }

    private static ASiCWithCAdESSignatureParameters cades(ASiCContainerType container) {
        var parameters = new ASiCWithCAdESSignatureParameters();
        parameters.aSiC().setContainerType(container);
        return parameters;
    }

    /** The one serialization that has room for what the higher levels add. */
    private static JAdESSignatureParameters jades(DocumentParameters wanted) {
        var parameters = new JAdESSignatureParameters();
        parameters.setJwsSerializationType(JWSSerializationType.JSON_SERIALIZATION);
        if (wanted.packaging() == Packaging.DETACHED) {
            parameters.setSigDMechanism(SigDMechanism.OBJECT_ID_BY_URI_HASH);
        }
        return parameters;
    }

    static void describe(AbstractSignatureParameters<?> parameters, DocumentParameters wanted, CertificateChain chain) {
        var certificates =
                chain.certificates().stream().map(CertificateToken::new).toList();
        parameters.setSignatureLevel(SignatureLevel.valueOf(
                wanted.format().wireName() + "_BASELINE_" + wanted.level().name()));
        if (wanted.format() != DocumentFormat.PADES) {
            parameters.setSignaturePackaging(dss(wanted.packaging()));
        }
        parameters.setSigningCertificate(certificates.get(0));
        parameters.setCertificateChain(certificates);
        var algorithm = algorithm(wanted);
        parameters.setEncryptionAlgorithm(algorithm.getEncryptionAlgorithm());
        parameters.setDigestAlgorithm(algorithm.getDigestAlgorithm());
        parameters.bLevel().setSigningDate(Date.from(wanted.signingTime()));
    }

    @Override
    public byte[] dataToSign(DSSDocument document) {
        requireOthersStayAsTheyAre(document);
        return service.getDataToSign(document, parameters).getBytes();
    }

    /** What the higher levels add would be added to all signatures of a CMS or its container; they are not this signer's. */
    private void requireOthersStayAsTheyAre(DSSDocument document) {
        var level = parameters.getSignatureLevel();
        if (level.getSignatureForm() == SignatureForm.CAdES
                && level != SignatureLevel.CAdES_BASELINE_B
                && (parameters instanceof ASiCWithCAdESSignatureParameters
                        ? isSignedContainer(document)
                        : parameters.getSignaturePackaging() != SignaturePackaging.DETACHED && isCms(document))) {
            throw ProtocolException.invalidRequest(
                    "The document has signatures already; one more of CAdES is of level B-B");
        }
    }

    private static boolean isSignedContainer(DSSDocument document) {
        if (!ASiCUtils.isZip(document)) {
            return false;
        }
        var content = new ASiCWithCAdESContainerExtractor(document).extract();
        return !content.getSignatureDocuments().isEmpty()
                || !content.getTimestampDocuments().isEmpty();
    }

    private static boolean isCms(DSSDocument document) {
        if (!DSSASN1Utils.isASN1SequenceTag(DSSUtils.readFirstByte(document))) {
            return false;
        }
        try {
            CMSUtils.parseToCMS(document);
            return true;
        } catch (RuntimeException none) {
            return false;
        }
    }

    @Override
    public DSSDocument sign(DSSDocument document, byte[] signature) {
        var value = new SignatureValue(parameters.getSignatureAlgorithm(), signature);
        var level = parameters.getSignatureLevel();
        if (level.getSignatureForm() != SignatureForm.CAdES || level == SignatureLevel.CAdES_BASELINE_B) {
            return service.signDocument(document, parameters, value);
        }
        // In two steps, the second of which reads what the first one made: a signing time that was not read is none to
        // Bouncy Castle.
        parameters.setSignatureLevel(SignatureLevel.CAdES_BASELINE_B);
        var signed = new InMemoryDocument(DSSUtils.toByteArray(service.signDocument(document, parameters, value)));
        parameters.setSignatureLevel(level);
        if (parameters.getSignaturePackaging() == SignaturePackaging.DETACHED) {
            parameters.setDetachedContents(List.of(document));
        }
        return service.extendDocument(signed, parameters);
    }

    private static ASiCContainerType dss(Container container) {
        return switch (container) {
            case ASIC_S -> ASiCContainerType.ASiC_S;
            case ASIC_E -> ASiCContainerType.ASiC_E;
        };
    }

    private static SignaturePackaging dss(Packaging packaging) {
        return switch (packaging) {
            case ENVELOPED -> SignaturePackaging.ENVELOPED;
            case ENVELOPING -> SignaturePackaging.ENVELOPING;
            case DETACHED -> SignaturePackaging.DETACHED;
        };
    }

    /** By which the document's own hash gets into the signature. */
    static DigestAlgorithm hashAlgorithm(DocumentParameters wanted) {
        return algorithm(wanted).getDigestAlgorithm();
    }

    private static SignatureAlgorithm algorithm(DocumentParameters wanted) {
        return switch (wanted.algorithm()) {
            case SHA256WITHRSA -> SignatureAlgorithm.RSA_SHA256;
            case SHA384WITHRSA -> SignatureAlgorithm.RSA_SHA384;
            case SHA512WITHRSA -> SignatureAlgorithm.RSA_SHA512;
            case SHA256WITHRSAANDMGF1 -> SignatureAlgorithm.RSA_SSA_PSS_SHA256_MGF1;
            case SHA384WITHRSAANDMGF1 -> SignatureAlgorithm.RSA_SSA_PSS_SHA384_MGF1;
            case SHA512WITHRSAANDMGF1 -> SignatureAlgorithm.RSA_SSA_PSS_SHA512_MGF1;
            case SHA256WITHECDSA -> SignatureAlgorithm.ECDSA_SHA256;
            case SHA384WITHECDSA -> SignatureAlgorithm.ECDSA_SHA384;
            case SHA512WITHECDSA -> SignatureAlgorithm.ECDSA_SHA512;
            case ED25519 -> SignatureAlgorithm.ED25519;
        };
    }
}

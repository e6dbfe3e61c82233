package org.countersign.signer.validation;

import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.pades.exception.InvalidPasswordException;
import eu.europa.esig.dss.pades.validation.PDFDocumentValidator;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.simplereport.jaxb.XmlCertificate;
import eu.europa.esig.dss.spi.policy.SignaturePolicyProvider;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import eu.europa.esig.dss.validation.reports.Reports;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.x509.CertificatesFile;
import org.countersign.server.logging.ContextLogger;
import org.countersign.signer.ades.PdfFiles;
import org.countersign.signer.ades.Trust;
import org.countersign.signer.documents.DocumentBounds;

/** Judges the signatures of a document, or certificates, and says why. Safe for use by many threads. */
public final class ValidateDocument {

    private static final System.Logger LOG = ContextLogger.of(ValidateDocument.class);

    private final Trust trust;
    private final Clock clock;

    public ValidateDocument(Trust trust, Clock clock) {
        this.trust = trust;
        this.clock = clock;
    }

    /**
     * @param document a signed one, or certificates as {@link CertificatesFile} reads them
     * @param original what detached signatures are of
     * @param detailed whether the report of each check is wanted
     * @throws ProtocolException {@code invalid_request} when it is no document that could have signatures
     */
    public Explanation validate(Path document, Optional<Path> original, boolean detailed) {
        var certificates = CertificatesFile.read(document);
        if (certificates.isPresent() && original.isPresent()) {
            throw ProtocolException.invalidRequest("original is for detached signatures, not for certificates");
        }
        return certificates
                .map(file -> new ValidateCertificates(trust, clock).validate(file, detailed))
                .orElseGet(() -> validateSignatures(document, original, detailed));
    }

    private Explanation validateSignatures(Path document, Optional<Path> original, boolean detailed) {
        if (!DocumentBounds.isPdf(document)) {
            DocumentBounds.requireFitsInMemory(document);
            DocumentBounds.requireUnpacksToLittle(document);
        }
        if (original.isPresent() && !DocumentBounds.isCms(document)) {
            DocumentBounds.requireFitsInMemory(original.get());
        }
        try {
            var reports = reports(document, original, trust);
            if (isOfStampingAuthority(reports.getSimpleReport())) {
                reports = reports(document, original, trust.withoutStamping());
            }
            return Explaining.explain(reports, detailed);
        } catch (InvalidPasswordException encrypted) {
            throw ProtocolException.invalidRequest("The document is encrypted");
        } catch (ProtocolException refusal) {
            throw refusal;
        } catch (RuntimeException | StackOverflowError failed) {
            LOG.log(System.Logger.Level.INFO, "A document is not validated", failed);
            throw ProtocolException.invalidRequest("The document is in no format of signatures that is known here");
        }
    }

    /** Whether a signature would be valid only by what is trusted for time stamps. */
    private boolean isOfStampingAuthority(SimpleReport report) {
        return report.getSignatureIdList().stream().anyMatch(id -> {
            var chain = report.getCertificateChain(id);
            return report.isValid(id)
                    && (chain == null
                            || !trust.isSigners(chain.getCertificate().stream()
                                    .map(XmlCertificate::getId)
                                    .toList()));
        });
    }

    private Reports reports(Path document, Optional<Path> original, Trust trust) {
        var verifier = trust.verifier();
        var validator = SignedDocumentValidator.fromDocument(new FileDocument(document.toFile()));
        validator.setCertificateVerifier(verifier);
        // Without one, what a signature names as its policy would be fetched, from anywhere.
        validator.setSignaturePolicyProvider(new SignaturePolicyProvider());
        validator.setValidationTime(Date.from(clock.instant()));
        original.ifPresent(
                file -> validator.setDetachedContents(List.<DSSDocument>of(new FileDocument(file.toFile()))));
        var files = PdfFiles.in(document.toAbsolutePath().getParent());
        if (validator instanceof PDFDocumentValidator pdf) {
            pdf.setPdfObjFactory(files.factory());
        }
        try {
            SignatureBounds.requireLittleWork(validator);
            return validator.validateDocument(JudgingPolicy.policy());
        } finally {
            // Whatever came of it: without the files it is no judgement.
            files.requireAllRead();
        }
    }
}

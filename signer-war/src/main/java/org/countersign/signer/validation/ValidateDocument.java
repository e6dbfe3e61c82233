package org.countersign.signer.validation;

import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.policy.ValidationPolicy;
import eu.europa.esig.dss.pades.exception.InvalidPasswordException;
import eu.europa.esig.dss.pades.validation.PDFDocumentValidator;
import eu.europa.esig.dss.pdf.modifications.DefaultPdfDifferencesFinder;
import eu.europa.esig.dss.pdf.pdfbox.PdfBoxDefaultObjectFactory;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import eu.europa.esig.dss.validation.reports.Reports;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.logging.ContextLogger;
import org.countersign.signer.ades.Trust;
import org.countersign.signer.documents.DocumentBounds;

/** Judges the signatures of a document, and says why. Safe for use by many threads. */
public final class ValidateDocument {

    private static final System.Logger LOG = ContextLogger.of(ValidateDocument.class);

    private final Trust trust;
    private final Clock clock;

    public ValidateDocument(Trust trust, Clock clock) {
        this.trust = trust;
        this.clock = clock;
    }

    /** Made by the first request, as not every context has one. */
    private static final class Policy {

        private static final ValidationPolicy READ = JudgingPolicy.read();

        private Policy() {}
    }

    /**
     * @param original what detached signatures are of
     * @param detailed whether the report of each check is wanted
     * @throws ProtocolException {@code invalid_request} when it is no document that could have signatures
     */
    public Explanation validate(Path document, Optional<Path> original, boolean detailed) {
        if (!DocumentBounds.isPdf(document)) {
            DocumentBounds.requireFitsInMemory(document);
            DocumentBounds.requireUnpacksToLittle(document);
        }
        try {
            return Explaining.explain(reports(document, original), detailed);
        } catch (InvalidPasswordException encrypted) {
            throw ProtocolException.invalidRequest("The document is encrypted");
        } catch (RuntimeException | StackOverflowError failed) {
            LOG.log(System.Logger.Level.INFO, "A document is not validated", failed);
            throw ProtocolException.invalidRequest("The document is in no format of signatures that is known here");
        }
    }

    private Reports reports(Path document, Optional<Path> original) {
        var verifier = trust.verifier();
        var validator = SignedDocumentValidator.fromDocument(new FileDocument(document.toFile()));
        validator.setCertificateVerifier(verifier);
        validator.setValidationTime(Date.from(clock.instant()));
        original.ifPresent(
                file -> validator.setDetachedContents(List.<DSSDocument>of(new FileDocument(file.toFile()))));
        if (validator instanceof PDFDocumentValidator pdf) {
            pdf.setPdfObjFactory(withoutPictures());
        }
        return validator.validateDocument(Policy.READ);
    }

    /** What changed after a signature is found in the objects; drawing all pages would take as long as a document wants. */
    private static PdfBoxDefaultObjectFactory withoutPictures() {
        var differences = new DefaultPdfDifferencesFinder();
        differences.setMaximalPagesAmountForVisualComparison(0);
        var factory = new PdfBoxDefaultObjectFactory();
        factory.setPdfDifferencesFinder(differences);
        return factory;
    }
}

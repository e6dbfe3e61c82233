package org.countersign.signer.ades;

import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.InMemoryDocument;
import eu.europa.esig.dss.pdf.IPdfObjFactory;
import eu.europa.esig.dss.pdf.PDFServiceMode;
import eu.europa.esig.dss.pdf.PDFSignatureService;
import eu.europa.esig.dss.pdf.PdfCMSRevision;
import eu.europa.esig.dss.pdf.PdfDocumentReader;
import eu.europa.esig.dss.pdf.PdfMemoryUsageSetting;
import eu.europa.esig.dss.pdf.PdfSignatureFieldPositionChecker;
import eu.europa.esig.dss.pdf.modifications.DefaultPdfDifferencesFinder;
import eu.europa.esig.dss.pdf.pdfbox.PdfBoxDocumentReader;
import eu.europa.esig.dss.pdf.pdfbox.PdfBoxNativeObjectFactory;
import eu.europa.esig.dss.pdf.pdfbox.PdfBoxSignatureService;
import eu.europa.esig.dss.pdf.pdfbox.visible.nativedrawer.NativePdfBoxVisibleSignatureDrawer;
import eu.europa.esig.dss.signature.resources.AbstractResourcesHandler;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pdfbox.io.MemoryUsageSetting;
import org.apache.pdfbox.io.RandomAccessStreamCache.StreamCacheCreateFunction;
import org.apache.pdfbox.pdmodel.PDDocumentCatalog;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;

/**
 * PDFs as files: read where they are, and written beside. What is unpacked of them is held in memory, up to a bound; PDFBox would have files
 * for it in the folder that all programs share.
 */
public final class PdfFiles {

    private static final long MOST_IN_MEMORY = 50_000_000;
    private static final Duration RETRY = Duration.ofSeconds(10);

    private final Path folder;
    private final AtomicBoolean failed = new AtomicBoolean();
    private final AtomicBoolean untold = new AtomicBoolean();

    private PdfFiles(Path folder) {
        this.folder = folder;
    }

    /** @param folder for what is written; who gives it deletes it */
    public static PdfFiles in(Path folder) {
        return new PdfFiles(folder);
    }

    /** Of one PDF that is looked at without being signed or judged. */
    public static StreamCacheCreateFunction memory() {
        return MemoryUsageSetting.setupMainMemoryOnly(MOST_IN_MEMORY).streamCache;
    }

    /**
     * To be called once signatures were judged: DSS skips what changed after one when it can not read the document as it was then, or
     * not compare.
     *
     * @throws ProtocolException {@code temporarily_unavailable} when that was for want of a file, {@code invalid_request} when it is the
     *     document's fault
     */
    public void requireAllRead() {
        if (failed.get()) {
            throw ProtocolException.retryAfter(
                    OAuth2Error.TEMPORARILY_UNAVAILABLE, "The document can not be read now; try again later", RETRY);
        }
        if (untold.get()) {
            throw ProtocolException.invalidRequest("What changed in the document after a signature can not be told");
        }
    }

    public IPdfObjFactory factory() {
        // What changed after a signature is found in the objects; drawing all pages would take as long as a document
        // wants.
        var differences = new DefaultPdfDifferencesFinder();
        differences.setMaximalPagesAmountForVisualComparison(0);
        var factory = new Drawing(this);
        factory.setPdfDifferencesFinder(differences);
        factory.setPdfSignatureFieldPositionChecker(places());
        factory.setPdfMemoryUsageSetting(PdfMemoryUsageSetting.memoryBuffered(MOST_IN_MEMORY));
        factory.setResourcesHandlerBuilder(() -> new Written(folder));
        return factory;
    }

    private static PdfSignatureFieldPositionChecker places() {
        var places = new PdfSignatureFieldPositionChecker();
        places.setAlertOnSignatureFieldOverlap(status -> {
            throw ProtocolException.invalidRequest("visible overlaps a field or a note of the page");
        });
        places.setAlertOnSignatureFieldOutsidePageDimensions(status -> {
            throw ProtocolException.invalidRequest("visible must be within the page");
        });
        return places;
    }

    /** Texts of visible signatures are texts, not pictures of them. */
    private static final class Drawing extends PdfBoxNativeObjectFactory {

        private final PdfFiles files;

        Drawing(PdfFiles files) {
            this.files = files;
        }

        @Override
        public PDFSignatureService newPAdESSignatureService() {
            return service(PDFServiceMode.SIGNATURE);
        }

        @Override
        public PDFSignatureService newContentTimestampService() {
            return service(PDFServiceMode.CONTENT_TIMESTAMP);
        }

        @Override
        public PDFSignatureService newSignatureTimestampService() {
            return service(PDFServiceMode.SIGNATURE_TIMESTAMP);
        }

        @Override
        public PDFSignatureService newArchiveTimestampService() {
            return service(PDFServiceMode.ARCHIVE_TIMESTAMP);
        }

        private PDFSignatureService service(PDFServiceMode mode) {
            return configure(new Reading(mode, files));
        }
    }

    /** Reads a document as it was before a signature from a file as well: DSS would have all of it in memory. */
    static final class Reading extends PdfBoxSignatureService {

        private final PdfFiles files;

        Reading(PDFServiceMode mode, PdfFiles files) {
            super(mode, parameters -> new Drawer());
            this.files = files;
        }

        @Override
        protected PdfDocumentReader loadPdfDocumentReader(DSSDocument document, char[] password) throws IOException {
            try {
                return document instanceof FileDocument || document instanceof InMemoryDocument
                        ? super.loadPdfDocumentReader(document, password)
                        : Revision.of(document, files.folder, pdfMemoryUsageSetting);
            } catch (FileSystemException noFault) {
                files.failed.set(true);
                throw noFault;
            }
        }

        @Override
        protected void analyzePdfModifications(
                DSSDocument document, PdfCMSRevision revision, PdfDocumentReader last, char[] password)
                throws IOException {
            boolean told = false;
            try {
                super.analyzePdfModifications(document, revision, last, password);
                told = true;
            } finally {
                files.untold.compareAndSet(false, !told);
            }
        }
    }

    /** In a file that goes with it. PDFs with passwords do not get here. */
    private static final class Revision extends PdfBoxDocumentReader {

        private final Path file;

        private Revision(Path file, PdfMemoryUsageSetting memory) throws IOException {
            super(new FileDocument(file.toFile()), null, memory);
            this.file = file;
        }

        static Revision of(DSSDocument document, Path folder, PdfMemoryUsageSetting memory) throws IOException {
            var file = Files.createTempFile(folder, "revision", ".pdf");
            boolean read = false;
            try (var content = document.openStream();
                    var out = new Writing(file)) {
                content.transferTo(out);
                var revision = new Revision(file, memory);
                read = true;
                return revision;
            } finally {
                if (!read) {
                    Files.deleteIfExists(file);
                }
            }
        }

        @Override
        public void close() throws IOException {
            try {
                super.close();
            } finally {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Says of which file a failure is: the document's are others. */
    static final class Writing extends OutputStream {

        private final Path file;
        private final OutputStream out;

        Writing(Path file) throws IOException {
            this.file = file;
            this.out = Files.newOutputStream(file);
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                out.write(bytes, offset, length);
            } catch (IOException failure) {
                var named = new FileSystemException(file.toString(), null, failure.getMessage());
                named.initCause(failure);
                throw named;
            }
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }

    private static final class Drawer extends NativePdfBoxVisibleSignatureDrawer {

        /** What colors the document's pages are in is not the signer's to say, and others may have signed them. */
        @Override
        protected void addColorSpace(PDDocumentCatalog catalog, String name) {
            // Left as it is.
        }
    }

    /** DSS's own would be remembered by the JVM until it ends. */
    private static final class Written extends AbstractResourcesHandler {

        private final Path folder;
        private Path file;
        private boolean kept;

        Written(Path folder) {
            this.folder = folder;
        }

        @Override
        protected OutputStream buildOutputStream() throws IOException {
            file = Files.createTempFile(folder, "written", ".pdf");
            return new BufferedOutputStream(Files.newOutputStream(file));
        }

        @Override
        public DSSDocument writeToDSSDocument() throws IOException {
            kept = true;
            close();
            return new FileDocument(file.toFile());
        }

        @Override
        public void close() throws IOException {
            super.close();
            if (!kept && file != null) {
                Files.deleteIfExists(file);
            }
        }
    }
}

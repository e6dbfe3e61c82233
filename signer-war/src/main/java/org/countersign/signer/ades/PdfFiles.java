package org.countersign.signer.ades;

import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.InMemoryDocument;
import eu.europa.esig.dss.pdf.IPdfObjFactory;
import eu.europa.esig.dss.pdf.PDFServiceMode;
import eu.europa.esig.dss.pdf.PDFSignatureService;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.apache.pdfbox.io.MemoryUsageSetting;
import org.apache.pdfbox.io.RandomAccessStreamCache.StreamCacheCreateFunction;
import org.apache.pdfbox.pdmodel.PDDocumentCatalog;
import org.countersign.core.error.ProtocolException;

/**
 * PDFs as files: read where they are, and written beside. What is unpacked of them is held in memory, up to a bound; PDFBox would have files
 * for it in the folder that all programs share.
 */
public final class PdfFiles {

    private static final long MOST_IN_MEMORY = 50_000_000;

    private PdfFiles() {}

    /** Of one PDF that is looked at without being signed or judged. */
    public static StreamCacheCreateFunction memory() {
        return MemoryUsageSetting.setupMainMemoryOnly(MOST_IN_MEMORY).streamCache;
    }

    /** @param folder for what is written; who gives it deletes it */
    public static IPdfObjFactory in(Path folder) {
        // What changed after a signature is found in the objects; drawing all pages would take as long as a document
        // wants.
        var differences = new DefaultPdfDifferencesFinder();
        differences.setMaximalPagesAmountForVisualComparison(0);
        var factory = new Drawing(folder);
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

        private final Path folder;

        Drawing(Path folder) {
            this.folder = folder;
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
            return configure(new Reading(mode, folder));
        }
    }

    /** Reads a document as it was before a signature from a file as well: DSS would have all of it in memory. */
    static final class Reading extends PdfBoxSignatureService {

        private final Path folder;

        Reading(PDFServiceMode mode, Path folder) {
            super(mode, parameters -> new Drawer());
            this.folder = folder;
        }

        @Override
        protected PdfDocumentReader loadPdfDocumentReader(DSSDocument document, char[] password) throws IOException {
            return document instanceof FileDocument || document instanceof InMemoryDocument
                    ? super.loadPdfDocumentReader(document, password)
                    : Revision.of(document, folder, pdfMemoryUsageSetting);
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
            try (var content = document.openStream()) {
                Files.copy(content, file, StandardCopyOption.REPLACE_EXISTING);
                var revision = new Revision(file, memory);
                read = true;
                return revision;
            } finally {
                if (!read) {
                    Files.delete(file);
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

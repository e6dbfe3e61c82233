package org.countersign.signer.ades;

import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.pdf.PdfMemoryUsageSetting;
import eu.europa.esig.dss.pdf.modifications.DefaultPdfDifferencesFinder;
import eu.europa.esig.dss.pdf.pdfbox.PdfBoxDefaultObjectFactory;
import eu.europa.esig.dss.signature.resources.AbstractResourcesHandler;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * PDFs as files: read where they are, and written beside. What is unpacked of them is held in memory, up to a bound; PDFBox would have files
 * for it in the folder that all programs share.
 */
public final class PdfFiles {

    private static final long MOST_IN_MEMORY = 50_000_000;

    private PdfFiles() {}

    /** @param folder for what is written; who gives it deletes it */
    public static PdfBoxDefaultObjectFactory in(Path folder) {
        // What changed after a signature is found in the objects; drawing all pages would take as long as a document
        // wants.
        var differences = new DefaultPdfDifferencesFinder();
        differences.setMaximalPagesAmountForVisualComparison(0);
        var factory = new PdfBoxDefaultObjectFactory();
        factory.setPdfDifferencesFinder(differences);
        factory.setPdfMemoryUsageSetting(PdfMemoryUsageSetting.memoryBuffered(MOST_IN_MEMORY));
        factory.setResourcesHandlerBuilder(() -> new Written(folder));
        return factory;
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

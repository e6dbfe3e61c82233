package org.countersign.signer.ades;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eu.europa.esig.dss.model.CommonDocument;
import eu.europa.esig.dss.pdf.PDFServiceMode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PdfFilesTest {

    @TempDir
    private Path folder;

    /** A part of another document, as DSS has the revisions of one that is signed. */
    private static CommonDocument part(byte[] content) {
        return new CommonDocument() {

            private static final long serialVersionUID = 1L;

            @Override
            public InputStream openStream() {
                return new ByteArrayInputStream(content);
            }
        };
    }

    @Test
    void a_revision_is_in_a_file_as_long_as_it_is_read() throws IOException {
        var content = new ByteArrayOutputStream();
        try (var pdf = new PDDocument()) {
            pdf.addPage(new PDPage());
            pdf.save(content);
        }
        var reading = new PdfFiles.Reading(PDFServiceMode.SIGNATURE, folder);
        try (var revision = reading.loadPdfDocumentReader(part(content.toByteArray()), null)) {
            assertThat(revision.getNumberOfPages()).isEqualTo(1);
            assertThat(folder).isDirectoryContaining(file -> file.toFile().length() == content.size());
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void a_broken_one_leaves_no_file() {
        var reading = new PdfFiles.Reading(PDFServiceMode.SIGNATURE, folder);
        assertThatThrownBy(() -> reading.loadPdfDocumentReader(part(new byte[10]), null))
                .isInstanceOf(IOException.class);
        assertThat(folder).isEmptyDirectory();
    }
}

package org.countersign.signer.ades;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eu.europa.esig.dss.model.CommonDocument;
import eu.europa.esig.dss.pdf.PDFServiceMode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
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
        var reading = new PdfFiles.Reading(PDFServiceMode.SIGNATURE, PdfFiles.in(folder));
        try (var revision = reading.loadPdfDocumentReader(part(content.toByteArray()), null)) {
            assertThat(revision.getNumberOfPages()).isEqualTo(1);
            assertThat(folder).isDirectoryContaining(file -> file.toFile().length() == content.size());
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void a_broken_one_leaves_no_file() {
        var files = PdfFiles.in(folder);
        var reading = new PdfFiles.Reading(PDFServiceMode.SIGNATURE, files);
        assertThatThrownBy(() -> reading.loadPdfDocumentReader(part(new byte[10]), null))
                .isInstanceOf(IOException.class);
        assertThat(folder).isEmptyDirectory();
        assertThatCode(files::requireAllRead).as("the document's fault").doesNotThrowAnyException();
    }

    @Test
    void what_could_not_be_written_is_remembered() throws IOException {
        var files = PdfFiles.in(Files.createFile(folder.resolve("file")));
        var reading = new PdfFiles.Reading(PDFServiceMode.SIGNATURE, files);
        assertThatThrownBy(() -> reading.loadPdfDocumentReader(part(new byte[10]), null))
                .isInstanceOf(FileSystemException.class);
        assertThatThrownBy(files::requireAllRead)
                .isInstanceOfSatisfying(
                        ProtocolException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(OAuth2Error.TEMPORARILY_UNAVAILABLE));
    }

    /** What a file system says of that names no file by itself. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void a_full_disk_is_told_from_a_broken_document() throws IOException {
        try (var out = new PdfFiles.Writing(Path.of("/dev/full"))) {
            assertThatThrownBy(() -> out.write(1)).isInstanceOf(FileSystemException.class);
        }
    }
}

package org.countersign.signer.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploadsTest {

    private static final String TYPE = "multipart/form-data; boundary=xyz";

    @TempDir
    private Path folder;

    @Test
    void a_document_is_in_a_file_that_only_the_server_reads_and_goes_with_its_request() throws IOException {
        var uploads = new Uploads(folder.resolve("documents"), 10, 1);
        Path file;
        try (var upload = uploads.receive(TYPE, form("document", "0123456789"))) {
            file = upload.document();
            assertThat(file).hasContent("0123456789");
            assertThat(permissions(file)).isEqualTo("rw-------");
            assertThat(permissions(file.getParent())).isEqualTo("rwx------");
            assertThat(permissions(folder.resolve("documents"))).isEqualTo("rwx------");
            assertThat(upload.parameters()).asString().isEqualTo("{}");
        }
        assertThat(folder.resolve("documents")).isEmptyDirectory();
    }

    @Test
    void what_is_refused_leaves_nothing() {
        var uploads = new Uploads(folder, 10, 1);
        for (var form : new InputStream[] {
            form("document", "0123456789a"),
            form("other", "a"),
            form("parameters", "a".repeat(65_537)),
            new ByteArrayInputStream(new byte[0])
        }) {
            assertThatThrownBy(() -> uploads.receive(TYPE, form)).isInstanceOf(ProtocolException.class);
        }
        assertThatThrownBy(() -> uploads.receive("text/plain", form("document", "a")))
                .isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> uploads.receive(TYPE, new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("gone");
                    }
                }))
                .hasMessageContaining("gone");
        assertThatThrownBy(() -> uploads.receive(TYPE, new InputStream() {
                    @Override
                    public int read() {
                        throw new StackOverflowError();
                    }
                }))
                .isInstanceOf(StackOverflowError.class);
        assertThat(folder).isEmptyDirectory();
        // None of them takes room from those that come.
        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> uploads.receive(TYPE, form("other", "a"))).hasMessageContaining("The parts are");
        }
        uploads.receive(TYPE, form("document", "a")).close();
    }

    @Test
    void there_is_room_for_so_many() {
        var uploads = new Uploads(folder, 10, 1);
        var here = new ArrayList<Upload>();
        for (int i = 0; i < 8; i++) {
            here.add(uploads.receive(TYPE, form("document", "a")));
        }
        assertThatThrownBy(() -> uploads.receive(TYPE, form("document", "a")))
                .isInstanceOfSatisfying(
                        ProtocolException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(OAuth2Error.TEMPORARILY_UNAVAILABLE));
        here.get(0).close();
        here.get(0).close();
        uploads.receive(new ByteArrayInputStream(new byte[1]));
        assertThatThrownBy(() -> uploads.receive(TYPE, form("document", "a"))).isInstanceOf(ProtocolException.class);
    }

    @Test
    void a_document_that_is_too_large_is_told_so() {
        assertThatThrownBy(() -> new Uploads(folder, 10, 1).receive(TYPE, form("document", "0123456789a")))
                .isInstanceOfSatisfying(
                        ProtocolException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(OAuth2Error.PAYLOAD_TOO_LARGE));
    }

    @Test
    void an_image_has_a_limit_of_its_own() {
        var uploads = new Uploads(folder, 2_000_000, 1);
        assertThatThrownBy(() -> uploads.receive(TYPE, form("image", "a".repeat(1_000_001))))
                .hasMessageContaining("image must have 1,000,000 bytes");
        uploads.receive(TYPE, form("image", "a".repeat(1_000_000))).close();
        uploads.receive(TYPE, form("document", "a".repeat(1_000_001))).close();
    }

    @Test
    void what_a_crash_left_is_deleted() throws IOException {
        Files.createDirectories(folder.resolve("documents/1"));
        Files.writeString(folder.resolve("documents/1/document"), "left");
        new Uploads(folder.resolve("documents"), 10, 1);
        assertThat(folder.resolve("documents")).isEmptyDirectory();
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static InputStream form(String name, String content) {
        return new ByteArrayInputStream(
                ("--xyz\r\nContent-Disposition: form-data; name=" + name + "\r\n\r\n" + content + "\r\n--xyz--")
                        .getBytes(StandardCharsets.UTF_8));
    }
}

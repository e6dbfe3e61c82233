package org.countersign.signer.documents;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.web.MultipartForm;

/** What came with one request, in a folder that others may not look into, and that is gone when this is closed. */
public final class Upload implements AutoCloseable {

    public static final String DOCUMENT = "document";
    public static final String ORIGINAL = "original";
    public static final String PARAMETERS = "parameters";
    public static final String IMAGE = "image";

    private static final Set<String> FILES = Set.of(DOCUMENT, ORIGINAL, IMAGE);
    private static final int LONGEST_TEXT = 65_536;
    private static final int BUFFER = 1 << 16;

    private final Path folder;
    private final Runnable closed;
    private final Map<String, Path> files = new HashMap<>();
    private Optional<byte[]> parameters = Optional.empty();
    private boolean open = true;

    /** @param closed to be called once this is */
    Upload(Path folder, Runnable closed) {
        this.folder = folder;
        this.closed = closed;
    }

    void read(MultipartForm form, long longest) throws IOException {
        for (var part = form.next(); part.isPresent(); part = form.next()) {
            take(part.get(), longest);
        }
    }

    /** The whole body as the document. */
    void read(InputStream body, long longest) throws IOException {
        var file = folder.resolve(DOCUMENT);
        files.put(DOCUMENT, file);
        copy(body, file, longest, Upload::tooLarge);
    }

    private void take(MultipartForm.Part part, long longest) throws IOException {
        var name = part.name();
        if (FILES.contains(name)) {
            var file = folder.resolve(name);
            if (files.put(name, file) != null) {
                throw twice();
            }
            if (IMAGE.equals(name)) {
                copy(part.content(), file, SignatureImage.LONGEST, SignatureImage::tooLarge);
            } else {
                copy(part.content(), file, longest, Upload::tooLarge);
            }
        } else if (PARAMETERS.equals(name)) {
            if (parameters.isPresent()) {
                throw twice();
            }
            var text = part.content().readNBytes(LONGEST_TEXT + 1);
            if (text.length > LONGEST_TEXT) {
                throw tooLarge();
            }
            parameters = Optional.of(text);
        } else {
            throw ProtocolException.invalidRequest(
                    "The parts are document, parameters, image, and for validation original");
        }
    }

    private static void copy(InputStream content, Path file, long longest, Supplier<ProtocolException> refusal)
            throws IOException {
        var buffer = new byte[BUFFER];
        long length = 0;
        try (var out = Files.newOutputStream(create(file))) {
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                length += read;
                if (length > longest) {
                    throw refusal.get();
                }
                out.write(buffer, 0, read);
            }
        }
    }

    private static Path create(Path file) throws IOException {
        if (Files.getFileStore(file.getParent()).supportsFileAttributeView("posix")) {
            return Files.createFile(
                    file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        return Files.createFile(file);
    }

    private static ProtocolException twice() {
        return ProtocolException.invalidRequest("A part must not be sent twice");
    }

    private static ProtocolException tooLarge() {
        return new ProtocolException(OAuth2Error.PAYLOAD_TOO_LARGE, "Payload is too large");
    }

    /** @throws ProtocolException {@code invalid_request} when there is none, or it is empty */
    public Path document() {
        var document = files.get(DOCUMENT);
        try {
            if (document == null || Files.size(document) == 0) {
                throw ProtocolException.invalidRequest("document is required");
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return document;
    }

    /** What a detached signature is of. */
    public Optional<Path> original() {
        return Optional.ofNullable(files.get(ORIGINAL));
    }

    /** What a visible signature shows. */
    public Optional<Path> image() {
        return Optional.ofNullable(files.get(IMAGE));
    }

    /** JSON, not looked at yet; nothing where there is no such part. */
    public byte[] parameters() {
        return parameters.map(byte[]::clone).orElseGet(() -> "{}".getBytes(StandardCharsets.UTF_8));
    }

    /** The document's bytes; nothing where it is empty. */
    public byte[] content() {
        try {
            return Files.readAllBytes(files.get(DOCUMENT));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Keeps one more, of bytes that are here already. */
    public Path add(String name, byte[] content) {
        try {
            return Files.write(create(folder.resolve(name)), content);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        if (!open) {
            return;
        }
        open = false;
        try {
            Uploads.deleteTree(folder);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } finally {
            closed.run();
        }
    }
}

package org.countersign.signer.documents;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.web.MultipartForm;

/**
 * Documents that are being worked on: each request has a folder of its own, which goes with it. Of more requests than may be at once the
 * rest is refused, before anything of them is read. Safe for use by many threads.
 */
public final class Uploads {

    private static final Duration RETRY = Duration.ofSeconds(2);

    private final Path folder;
    private final long longest;
    private final Semaphore free;

    /**
     * @param folder for all of them; what is in it was left by a crash
     * @param longest document, in bytes
     * @param atOnce how many requests
     */
    public Uploads(Path folder, long longest, int atOnce) {
        this.folder = folder;
        this.longest = longest;
        this.free = new Semaphore(atOnce);
        try {
            deleteTree(folder);
            create(folder);
        } catch (IOException failure) {
            throw new UncheckedIOException("The folder of documents being worked on can not be used", failure);
        }
    }

    /**
     * Takes the parts of a form: files named here, and short texts.
     *
     * @throws ProtocolException {@code invalid_request}, {@code temporarily_unavailable}
     */
    public Upload receive(String contentType, InputStream body) {
        if (!free.tryAcquire()) {
            throw tooMany();
        }
        Path own = null;
        try {
            own = create(Files.createTempDirectory(folder, ""));
            return Upload.read(MultipartForm.of(contentType, body), own, longest, free::release);
        } catch (IOException failure) {
            discard(own);
            throw new UncheckedIOException(failure);
        } catch (RuntimeException refused) {
            discard(own);
            throw refused;
        }
    }

    /**
     * A place for documents that come in another way than a form.
     *
     * @throws ProtocolException {@code temporarily_unavailable}
     */
    public Upload begin() {
        if (!free.tryAcquire()) {
            throw tooMany();
        }
        Path own = null;
        try {
            own = create(Files.createTempDirectory(folder, ""));
            return new Upload(own, free::release);
        } catch (IOException failure) {
            discard(own);
            throw new UncheckedIOException(failure);
        }
    }

    private static ProtocolException tooMany() {
        return ProtocolException.retryAfter(
                OAuth2Error.TEMPORARILY_UNAVAILABLE, "Too many documents at once; try again later", RETRY);
    }

    private void discard(Path own) {
        free.release();
        if (own != null) {
            try {
                deleteTree(own);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    private static Path create(Path directory) throws IOException {
        Files.createDirectories(directory);
        if (Files.getFileStore(directory).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        }
        return directory;
    }

    static void deleteTree(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        if (Files.isDirectory(tree)) {
            try (Stream<Path> inside = Files.list(tree)) {
                for (var path : inside.toList()) {
                    deleteTree(path);
                }
            }
        }
        Files.delete(tree);
    }
}

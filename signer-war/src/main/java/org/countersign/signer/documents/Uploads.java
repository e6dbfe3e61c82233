package org.countersign.signer.documents;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.web.MultipartForm;

/**
 * Documents that are being worked on: each request has a folder of its own, which goes with it. Only so many are worked on at once; how
 * long they take to come and to go is their senders' business, and holds up nobody else as long as there is room. Safe for use by many threads.
 */
public final class Uploads {

    private static final Duration RETRY = Duration.ofSeconds(2);
    private static final long PATIENCE_SECONDS = 20;
    /** That come, wait, or go, for each one that is worked on: the disk has to hold them. */
    private static final int ROOM = 8;

    private final Path folder;
    private final long longest;
    private final Semaphore free;
    private final Semaphore room;

    /**
     * @param folder for all of them; what is in it was left by a crash
     * @param longest document, in bytes
     * @param atOnce how many are worked on
     */
    public Uploads(Path folder, long longest, int atOnce) {
        this.folder = folder;
        this.longest = longest;
        this.free = new Semaphore(atOnce);
        this.room = new Semaphore(ROOM * atOnce);
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
     * @throws ProtocolException {@code invalid_request}; {@code temporarily_unavailable} when too many are here already
     */
    public Upload receive(String contentType, InputStream body) {
        return receive(own -> own.read(MultipartForm.of(contentType, body), longest));
    }

    /**
     * Takes a body that is no form, as a file.
     *
     * @throws ProtocolException {@code invalid_request}; {@code temporarily_unavailable} when too many are here already
     */
    public Upload receive(InputStream body) {
        return receive(own -> own.read(body, longest));
    }

    private interface Reading {

        void into(Upload own) throws IOException;
    }

    /** Whatever happens, nothing stays but what is handed over. */
    private Upload receive(Reading reading) {
        if (!room.tryAcquire()) {
            throw tooMany();
        }
        Upload own = null;
        boolean complete = false;
        try {
            own = new Upload(create(Files.createTempDirectory(folder, "")), room::release);
            reading.into(own);
            complete = true;
            return own;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } finally {
            if (own == null) {
                room.release();
            } else if (!complete) {
                own.close();
            }
        }
    }

    /**
     * Parses, signs or judges, when it is its turn.
     *
     * @throws ProtocolException {@code temporarily_unavailable} when that takes too long
     */
    public <T> T work(Supplier<T> work) {
        boolean mine = false;
        try {
            mine = free.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        if (!mine) {
            throw tooMany();
        }
        try {
            return work.get();
        } finally {
            free.release();
        }
    }

    private static ProtocolException tooMany() {
        return ProtocolException.retryAfter(
                OAuth2Error.TEMPORARILY_UNAVAILABLE, "Too many documents at once; try again later", RETRY);
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

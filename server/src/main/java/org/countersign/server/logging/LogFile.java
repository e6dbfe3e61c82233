package org.countersign.server.logging;

import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * A file that entries are appended to. When the next one would make it too large, it becomes {@code NAME.1}, the former
 * {@code NAME.1} becomes {@code NAME.2}, and so on; the oldest is deleted. Locked while it is open, so that neither
 * another context nor another server writes to it as well. Readable by the server's user and group.
 */
final class LogFile implements AutoCloseable {

    private static final System.Logger SERVER = System.getLogger(LogFile.class.getName());

    private static final FileAttribute<?> USER_AND_GROUP =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"));

    private final Path path;
    private final Limits limits;
    private FileOutputStream stream;
    private long size;
    private boolean closed;
    private boolean failing;

    /**
     * @param bytes of one file at most, unless a single entry is larger
     * @param kept former files beside the current one
     */
    record Limits(long bytes, int kept) {}

    private LogFile(Path path, Limits limits) throws IOException {
        this.path = path;
        this.limits = limits;
        begin();
    }

    static LogFile open(Path path, Limits limits) throws IOException {
        return new LogFile(path, limits);
    }

    /** Why a file can not be written, found out by opening it, which makes it and its folder. */
    static Optional<String> problem(Path path) {
        try {
            stream(path).close();
            return Optional.empty();
        } catch (IOException failure) {
            return Optional.of(failure.getMessage());
        }
    }

    /** A stream of files, not of channels: those are closed when a thread that writes is interrupted. */
    private static FileOutputStream stream(Path path) throws IOException {
        folder(path.getParent());
        if (Files.isDirectory(path)) {
            throw new IOException("must be a file, and is a folder");
        }
        var opened = openOrMake(path);
        // Asking for a lock would close the file in a thread that is interrupted.
        boolean interrupted = Thread.interrupted();
        try {
            if (opened.getChannel().tryLock() != null) {
                return opened;
            }
        } catch (OverlappingFileLockException sameServer) {
            // As if by another server.
        } catch (IOException refused) {
            opened.close();
            throw refused;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        opened.close();
        throw new IOException("is written by another context; relative names, and $CONTEXT_NAME in others, avoid that");
    }

    private static FileOutputStream openOrMake(Path path) throws IOException {
        try {
            if (!Files.exists(path)) {
                Files.createFile(path, USER_AND_GROUP);
            }
            return new FileOutputStream(path.toFile(), true);
        } catch (IOException refused) {
            throw new IOException("must be a file that the server may write", refused);
        }
    }

    private static void folder(Path folder) throws IOException {
        try {
            Files.createDirectories(folder);
        } catch (FileAlreadyExistsException occupied) {
            throw new IOException("must be in a folder, and what should be it is a file", occupied);
        } catch (IOException refused) {
            throw new IOException("must be in a folder that exists or that the server may make", refused);
        }
    }

    /** Never fails: what can not be written is said once in the server's log, until it can be again. */
    synchronized void write(String entry) {
        if (closed) {
            return;
        }
        try {
            var bytes = entry.getBytes(StandardCharsets.UTF_8);
            if (!stream.getChannel().isOpen()) {
                begin();
            }
            boolean full = size > 0 && size + bytes.length > limits.bytes();
            boolean well = !full || rotate();
            size += bytes.length;
            stream.write(bytes);
            failing = failing && !well;
        } catch (IOException failure) {
            complain(failure);
        }
    }

    /** @return whether the former files made room; if not, the current one grows on, too large being better than incomplete */
    private boolean rotate() throws IOException {
        boolean well = true;
        stream.close();
        try {
            for (int number = limits.kept(); number > 0; number--) {
                var younger = number == 1 ? path : numbered(number - 1);
                if (Files.exists(younger)) {
                    Files.move(younger, numbered(number), StandardCopyOption.REPLACE_EXISTING);
                }
            }
            if (limits.kept() == 0) {
                Files.delete(path);
            }
        } catch (IOException failure) {
            well = false;
            complain(failure);
        }
        begin();
        return well;
    }

    private void begin() throws IOException {
        stream = stream(path);
        size = Files.size(path);
    }

    private void complain(IOException failure) {
        if (!failing) {
            failing = true;
            SERVER.log(Level.WARNING, "The log file " + path + " can not be written or changed", failure);
        }
    }

    private Path numbered(int number) {
        return path.resolveSibling(path.getFileName() + "." + number);
    }

    @Override
    public synchronized void close() {
        closed = true;
        try {
            stream.close();
        } catch (IOException failure) {
            SERVER.log(Level.WARNING, "The log file " + path + " did not close cleanly", failure);
        }
    }
}

package org.countersign.server.keys;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Vault {@code homo}: one file a credential, named {@code <credential id>.key}, readable by the server's user only. A file
 * is written beside and moved over, so that a crash leaves the former or the new one, whole.
 */
public final class FolderWrappedKeys implements WrappedKeys {

    private static final String SUFFIX = ".key";

    private final Path folder;

    /**
     * @param folder made when absent; its permissions become 0700
     * @throws UncheckedIOException when that fails
     */
    public FolderWrappedKeys(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void put(UUID credentialId, byte[] wrapped) {
        try {
            var written = Files.createTempFile(
                    folder,
                    "new-",
                    ".tmp",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try {
                write(written, wrapped);
                Files.move(written, file(credentialId), StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(written);
            }
            syncFolder();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public Optional<byte[]> get(UUID credentialId) {
        try {
            return Optional.of(Files.readAllBytes(file(credentialId)));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void remove(UUID credentialId) {
        try {
            if (Files.deleteIfExists(file(credentialId))) {
                syncFolder();
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Of the keys here, those that were written before. */
    public List<UUID> olderThan(Instant time) {
        try (var files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            var older = new ArrayList<UUID>();
            for (var file : files) {
                var name = file.getFileName().toString();
                var id = id(name.substring(0, name.length() - SUFFIX.length()));
                if (id.isPresent() && isOlder(file, time)) {
                    older.add(id.get());
                }
            }
            return older;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static boolean isOlder(Path file, Instant time) throws IOException {
        try {
            return Files.getLastModifiedTime(file).toInstant().isBefore(time);
        } catch (NoSuchFileException removed) {
            return false;
        }
    }

    private static Optional<UUID> id(String name) {
        try {
            return Optional.of(UUID.fromString(name)).filter(id -> id.toString().equals(name));
        } catch (IllegalArgumentException another) {
            return Optional.empty();
        }
    }

    private Path file(UUID credentialId) {
        return folder.resolve(credentialId + SUFFIX);
    }

    private static void write(Path file, byte[] content) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            var buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    /** The move itself is durable only when the folder is. */
    private void syncFolder() throws IOException {
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public boolean isUsable() {
        return Files.isDirectory(folder) && Files.isReadable(folder) && Files.isWritable(folder);
    }
}

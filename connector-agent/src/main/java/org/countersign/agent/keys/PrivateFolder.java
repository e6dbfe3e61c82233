package org.countersign.agent.keys;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/** A folder that only its user can read, where the file system has such a thing; on Windows the profile's own rights hold. */
public final class PrivateFolder {

    private static final long LARGEST = 1L << 20;

    private final Path path;

    private PrivateFolder(Path path) {
        this.path = path;
    }

    /** @throws UncheckedIOException when it can not be made */
    public static PrivateFolder open(Path path) {
        try {
            Files.createDirectories(path);
            if (isPosix(path)) {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
            }
            return new PrivateFolder(path);
        } catch (IOException refused) {
            throw new UncheckedIOException("The data folder " + path + " can not be made", refused);
        }
    }

    public Path path() {
        return path;
    }

    public PrivateFolder folder(String name) {
        return open(path.resolve(name));
    }

    public Optional<byte[]> read(String name) {
        return read(name, LARGEST);
    }

    /** @param most bytes; a longer file counts as none */
    public Optional<byte[]> read(String name, long most) {
        var file = path.resolve(name);
        try {
            return Files.isRegularFile(file) && Files.size(file) <= most
                    ? Optional.of(Files.readAllBytes(file))
                    : Optional.empty();
        } catch (IOException unreadable) {
            throw new UncheckedIOException("A file of the data folder can not be read: " + name, unreadable);
        }
    }

    /** Whole or not at all. */
    public void write(String name, byte[] content) {
        var beginning = path.resolve(name + ".new");
        try {
            Files.deleteIfExists(beginning);
            var attributes = isPosix(path)
                    ? new FileAttribute<?>[] {
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                    }
                    : new FileAttribute<?>[0];
            try (var channel = FileChannel.open(
                    beginning, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
                var bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(
                    beginning, path.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException refused) {
            throw new UncheckedIOException("A file of the data folder can not be written: " + name, refused);
        }
    }

    /** It may be gone already. */
    public void delete(String name) {
        try {
            Files.deleteIfExists(path.resolve(name));
        } catch (IOException refused) {
            throw new UncheckedIOException("A file of the data folder can not be deleted: " + name, refused);
        }
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}

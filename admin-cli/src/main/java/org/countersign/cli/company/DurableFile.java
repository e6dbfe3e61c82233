package org.countersign.cli.company;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import org.countersign.cli.process.Folders;
import org.countersign.cli.process.Ownership;

/** Files that are there whole or not at all, also after a power loss. */
final class DurableFile {

    static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    static final Set<PosixFilePermission> ALL_MAY_READ = PosixFilePermissions.fromString("rw-r--r--");

    private static final String TEMPORARY = ".countersign-new";

    private DurableFile() {}

    /** Makes a folder that only its owner may enter, and leaves one that is there as it is. */
    static Path folder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Folders.createPrivate(folder);
            Ownership.take(folder, folder.toAbsolutePath().getParent());
        }
        return folder;
    }

    /** Gives all that is in a folder to whom the folder belongs. */
    static void ownedLikeItsFolder(Path folder) throws IOException {
        try (var entries = Files.walk(folder)) {
            for (Path entry : (Iterable<Path>) entries::iterator) {
                Ownership.take(entry, folder);
            }
        }
    }

    /**
     * Replaces a file's content in one step; it belongs to whom the former belonged, or else the folder.
     *
     * @param permissions of a new file; of one that is there, those that it has of these
     */
    static void write(Path file, byte[] content, Set<PosixFilePermission> permissions) throws IOException {
        var temporary = temporary(file);
        Files.deleteIfExists(temporary);
        try (var channel = FileChannel.open(
                temporary,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
            var buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        Ownership.take(
                temporary, Files.exists(file) ? file : file.toAbsolutePath().getParent());
        var allowed = EnumSet.copyOf(permissions);
        if (Files.exists(file)) {
            allowed.retainAll(Files.getPosixFilePermissions(file));
        }
        Folders.permit(temporary, allowed);
        rename(temporary, file);
    }

    /** Has the disk keep all that is in a folder. */
    static void force(Path folder) throws IOException {
        try (var entries = Files.walk(folder)) {
            for (Path entry : (Iterable<Path>) entries::iterator) {
                try (var channel = FileChannel.open(entry, StandardOpenOption.READ)) {
                    channel.force(true);
                }
            }
        }
    }

    static void delete(Path file) throws IOException {
        if (Files.deleteIfExists(file)) {
            forceFolder(file.toAbsolutePath().getParent());
        }
    }

    static void rename(Path source, Path target) throws IOException {
        Files.move(source, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceFolder(target.toAbsolutePath().getParent());
    }

    private static Path temporary(Path file) {
        return file.resolveSibling("." + file.getFileName() + TEMPORARY);
    }

    private static void forceFolder(Path folder) throws IOException {
        try (var entries = FileChannel.open(folder, StandardOpenOption.READ)) {
            entries.force(true);
        }
    }
}

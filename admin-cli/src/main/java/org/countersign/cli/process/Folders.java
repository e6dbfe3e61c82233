package org.countersign.cli.process;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Whole folders, and files that must never be half there. */
public final class Folders {

    private Folders() {}

    /** Makes a folder only its owner may enter; one that exists is left as it is. */
    public static Path createPrivate(Path folder) throws IOException {
        var ownerOnly = PosixFilePermissions.fromString("rwx------");
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder.toAbsolutePath().getParent());
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(ownerOnly));
        }
        return folder;
    }

    /** Writes a file only its owner may read; it appears whole or not at all. */
    public static void writePrivate(Path file, byte[] content) throws IOException {
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        var temporary = Files.createTempFile(file.toAbsolutePath().getParent(), ".new", "", ownerOnly);
        Files.write(temporary, content);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * Copies a file when the target is missing or differs; a reader sees the old one or the new one. Owner and permissions
     * are those of the former target; of a new one, the owner is the folder's and the permissions are the source's.
     *
     * @return whether it was copied
     */
    public static boolean copyIfDifferent(Path source, Path target) throws IOException {
        if (Files.isRegularFile(target) && Files.mismatch(source, target) < 0) {
            return false;
        }
        var temporary = target.resolveSibling("." + target.getFileName() + ".new");
        Files.copy(source, temporary, StandardCopyOption.REPLACE_EXISTING);
        boolean replaced = Files.isRegularFile(target);
        Ownership.take(temporary, replaced ? target : target.toAbsolutePath().getParent());
        permit(temporary, Files.getPosixFilePermissions(replaced ? target : source));
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return true;
    }

    /** Sets a file's permissions; not those of what a link that came in its place leads to. */
    public static void permit(Path file, Set<PosixFilePermission> permissions) throws IOException {
        Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .setPermissions(permissions);
    }

    /** Copies a folder; the target appears whole or not at all. A link is copied as a link, not what it leads to. */
    public static void copyTree(Path source, Path target) throws IOException {
        var temporary = target.resolveSibling("." + target.getFileName() + ".new");
        deleteTree(temporary);
        try (var paths = Files.walk(source)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                Files.copy(
                        path,
                        temporary.resolve(source.relativize(path).toString()),
                        StandardCopyOption.COPY_ATTRIBUTES,
                        LinkOption.NOFOLLOW_LINKS);
            }
        }
        deleteTree(target);
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Deletes a folder with everything in it, following no links; does nothing when it is not there. */
    public static void deleteTree(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}

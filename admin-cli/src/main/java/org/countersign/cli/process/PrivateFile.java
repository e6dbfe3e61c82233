package org.countersign.cli.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.countersign.cli.terminal.Refusal;

/** Files that hold a secret. */
public final class PrivateFile {

    private static final Set<PosixFilePermission> OTHERS = Set.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private PrivateFile() {}

    /** @throws Refusal when the file is not there, or somebody else than its owner may read or write it */
    public static void refuseReadableByOthers(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw Refusal.failed(file + " does not exist.");
        }
        if (Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
            throw Refusal.failed(file + " holds a secret and may be read by others: chmod 600 " + file);
        }
    }
}

package org.countersign.cli.up;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.countersign.cli.process.Folders;
import org.countersign.cli.servers.ServerKind;
import org.countersign.cli.terminal.Refusal;

/** The folder in which everything of one {@code up} lives. */
public record DataFolder(Path path) {

    public DataFolder {
        path = path.toAbsolutePath().normalize();
    }

    /** Makes the folder and its parts, closed to other users. @throws Refusal when that can not be */
    DataFolder prepare() {
        try {
            Folders.createPrivate(path);
            for (Path part : new Path[] {config(), secrets(), keys(), log(), run()}) {
                Folders.createPrivate(part);
            }
            if (!Files.isWritable(run())) {
                throw new AccessDeniedException(run().toString());
            }
            return this;
        } catch (IOException failure) {
            throw Refusal.failed("The data folder " + path + " can not be used: " + reason(failure)
                    + ". Name another one with --data.");
        }
    }

    Path config() {
        return path.resolve("config");
    }

    Path secrets() {
        return path.resolve("secrets");
    }

    Path keys() {
        return path.resolve("keys");
    }

    Path log() {
        return path.resolve("log");
    }

    Path run() {
        return path.resolve("run");
    }

    Path server(ServerKind kind) {
        return path.resolve(kind.toString());
    }

    Path postgres() {
        return path.resolve("postgres");
    }

    /** What the demonstration client keeps as the holder. */
    public Path demo() {
        return path.resolve("demo");
    }

    /** The system's reason in words a user knows. */
    public static String reason(IOException failure) {
        if (failure instanceof AccessDeniedException denied) {
            return "no permission for " + denied.getFile();
        }
        if (failure instanceof FileSystemException file && file.getReason() == null) {
            return file.getFile() + " can not be made or read ("
                    + failure.getClass().getSimpleName() + ")";
        }
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }
}

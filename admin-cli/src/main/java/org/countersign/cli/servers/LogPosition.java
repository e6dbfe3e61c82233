package org.countersign.cli.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * A place in a log that its server may put aside under another name in the same folder, and begin anew.
 *
 * @param file which file it was, whatever it is called by now; null for none
 * @param bytes of it that are before the place
 */
record LogPosition(Object file, long bytes) {

    static final LogPosition BEGINNING = new LogPosition(null, 0);

    static LogPosition endOf(Path log) throws IOException {
        if (!Files.exists(log)) {
            return BEGINNING;
        }
        var attributes = Files.readAttributes(log, BasicFileAttributes.class);
        return new LogPosition(attributes.fileKey(), attributes.size());
    }

    /** What was said since: the rest of the file as it was, where it is still there, and all of the one begun anew. */
    List<String> linesOf(Path log) throws IOException {
        if (file == null || is(log)) {
            return ServerLog.linesFrom(log, bytes);
        }
        var lines = new ArrayList<String>();
        try (var siblings = Files.newDirectoryStream(log.toAbsolutePath().getParent(), Files::isRegularFile)) {
            for (Path sibling : siblings) {
                if (is(sibling)) {
                    lines.addAll(ServerLog.linesFrom(sibling, bytes));
                }
            }
        }
        lines.addAll(ServerLog.linesFrom(log, 0));
        return lines;
    }

    private boolean is(Path path) throws IOException {
        return Files.exists(path)
                && file.equals(
                        Files.readAttributes(path, BasicFileAttributes.class).fileKey());
    }
}

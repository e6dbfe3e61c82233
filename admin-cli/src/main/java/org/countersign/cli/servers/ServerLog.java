package org.countersign.cli.servers;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A server's log and its form.
 *
 * @param entry what a line that begins an entry matches; group 1 is the level
 * @param starting stands in the first entry of every start
 */
record ServerLog(Path path, Pattern entry, String starting) {

    List<String> lines() throws IOException {
        return linesFrom(path, 0);
    }

    /**
     * The lines from a position on; all, when the file has become shorter, as one that was begun anew has. None when there
     * is no file.
     */
    static List<String> linesFrom(Path file, long position) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        try (var channel = Files.newByteChannel(file)) {
            channel.position(position <= channel.size() ? position : 0);
            // Not Files.readString: that one refuses a log which a crash cut in the middle of a character.
            var bytes = Channels.newInputStream(channel).readAllBytes();
            return new String(bytes, StandardCharsets.UTF_8).lines().toList();
        }
    }

    /** Whether a level, as group 1 has it, is that of an error: ERROR and FATAL, or E and F. */
    static boolean isError(String level) {
        return level.equals("ERROR") || level.equals("FATAL") || level.equals("E") || level.equals("F");
    }
}

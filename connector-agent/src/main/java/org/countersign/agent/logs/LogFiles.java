package org.countersign.agent.logs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.logging.FileHandler;
import java.util.logging.Handler;
import java.util.logging.Logger;
import org.countersign.agent.keys.PrivateFolder;

/**
 * The log as files {@code agent.0.log} (the latest), {@code agent.1.log}, … in a folder that only the user can read,
 * beside standard error. The JDK closes them at the end.
 */
public final class LogFiles {

    private static final int MEGABYTE = 1_000_000;

    private LogFiles() {}

    /** @throws UncheckedIOException when they can not be written */
    public static void open(PrivateFolder folder, int megabytes, int files) {
        var root = Logger.getLogger("");
        for (var standardError : root.getHandlers()) {
            standardError.setFormatter(new LogLine());
        }
        root.addHandler(handler(folder, megabytes * MEGABYTE, files));
    }

    static Handler handler(PrivateFolder folder, int bytes, int files) {
        try {
            // In a pattern of the handler, a percent sign in a folder's name would mean something.
            var pattern = folder.path().toString().replace("%", "%%") + "/agent.%g.log";
            var handler = new FileHandler(pattern, bytes, files, true);
            handler.setEncoding(StandardCharsets.UTF_8.name());
            handler.setFormatter(new LogLine());
            return handler;
        } catch (IOException refused) {
            throw new UncheckedIOException("The log files can not be written in " + folder.path(), refused);
        }
    }
}

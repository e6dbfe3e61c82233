package org.countersign.agent.logs;

import java.util.logging.Formatter;
import java.util.logging.LogRecord;

/**
 * A record as a line: time (UTC), level, class, words. Of an exception its class and where it came from are told, never
 * its message: what others put into one may be the user's.
 */
final class LogLine extends Formatter {

    private static final int LONGEST = 2_000;
    private static final int MOST_FRAMES = 30;
    private static final int MOST_CAUSES = 5;

    @Override
    public String format(LogRecord entry) {
        var line = new StringBuilder()
                .append(entry.getInstant())
                .append(' ')
                .append(entry.getLevel().getName())
                .append(' ')
                .append(entry.getLoggerName())
                .append(": ")
                .append(oneLine(formatMessage(entry)))
                .append('\n');
        var thrown = entry.getThrown();
        for (int i = 0; thrown != null && i < MOST_CAUSES; i++) {
            line.append(i == 0 ? "    " : "    caused by ")
                    .append(thrown.getClass().getName())
                    .append('\n');
            var frames = thrown.getStackTrace();
            for (int j = 0; j < Math.min(frames.length, MOST_FRAMES); j++) {
                line.append("        at ").append(frames[j]).append('\n');
            }
            thrown = thrown.getCause();
        }
        return line.toString();
    }

    private static String oneLine(String words) {
        var line = words.replaceAll("\\p{Cntrl}", " ");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }
}

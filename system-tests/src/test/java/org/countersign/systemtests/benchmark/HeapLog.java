package org.countersign.systemtests.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** What the heap of a JVM went through, by its own log of collections: {@code … 312M->120M(512M) …}. */
public final class HeapLog {

    private static final Pattern COLLECTION = Pattern.compile(" Pause .* (\\d+)M->(\\d+)M\\((\\d+)M\\)");

    private final Path file;
    private final long pid;
    private int known;

    /** @param file as given to {@link #option} when the JVM with this process was started */
    public HeapLog(Path file, long pid) {
        this.file = file;
        this.pid = pid;
    }

    /** The JVM's option that has the log written. */
    public static String option(Path file) {
        return "-Xlog:gc:file=" + file + "::filecount=0";
    }

    /**
     * Between two looks, in MiB.
     *
     * @param used most that was in use at any moment, garbage included
     * @param kept most that was left by a collection
     */
    public record Peak(int used, int kept) {}

    /** Collects, and begins. */
    public void begin() throws IOException {
        collect();
        known = lines().size();
    }

    /** Since {@link #begin}. What is in use grows between collections only, so that the last one, made here, sees the rest. */
    public Peak end() throws IOException {
        collect();
        var seen = lines();
        int used = 0;
        int kept = 0;
        for (var line : seen.subList(known, seen.size())) {
            var collection = COLLECTION.matcher(line);
            if (collection.find()) {
                used = Math.max(used, Integer.parseInt(collection.group(1)));
                kept = Math.max(kept, Integer.parseInt(collection.group(2)));
            }
        }
        return new Peak(used, kept);
    }

    private void collect() throws IOException {
        Jcmd.run(pid, "GC.run");
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(file);
    }
}

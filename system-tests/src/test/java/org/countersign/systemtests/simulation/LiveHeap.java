package org.countersign.systemtests.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.countersign.systemtests.benchmark.Jcmd;

/**
 * What a JVM needs: its live objects after a full garbage collection, which counting them by class forces, and what the
 * system gave the process.
 *
 * @param round after which it was measured, from 1
 */
public record LiveHeap(int round, long pid, long bytes, long residentBytes) {

    /** What the heap may grow by from a process's first measurement to its last: caches fill up, and no more. */
    static final long MOST_GROWTH = 16L << 20;

    private static final Pattern TOTAL = Pattern.compile("^Total +\\d+ +(\\d+)", Pattern.MULTILINE);
    private static final Pattern RESIDENT = Pattern.compile("^VmRSS:\\s+(\\d+) kB", Pattern.MULTILINE);

    public static LiveHeap measure(int round, long pid) throws IOException {
        var histogram = Jcmd.run(pid, "GC.class_histogram");
        var status = Files.readString(Path.of("/proc", Long.toString(pid), "status"));
        return new LiveHeap(round, pid, number(TOTAL, histogram), number(RESIDENT, status) << 10);
    }

    private static long number(Pattern pattern, String text) {
        var matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("Not understood: " + text);
        }
        return Long.parseLong(matcher.group(1));
    }

    /** The most that one process's heap grew by; nothing when none was measured twice. */
    static OptionalLong growth(List<LiveHeap> heaps) {
        return heaps.stream()
                .mapToLong(LiveHeap::pid)
                .distinct()
                .mapToObj(
                        pid -> heaps.stream().filter(heap -> heap.pid() == pid).toList())
                .filter(own -> own.size() > 1)
                .mapToLong(own -> own.get(own.size() - 1).bytes() - own.get(0).bytes())
                .max();
    }
}

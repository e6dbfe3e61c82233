package org.countersign.systemtests.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Processor time of processes from {@code /proc/PID/stat} (proc(5)): user and system, every thread. In nanoseconds. */
public final class ProcessorTime {

    /** Linux shows 100 ticks a second to programs on every architecture Java runs on. */
    private static final long NANOS_PER_TICK = 10_000_000L;

    /** Fields after the name in parentheses; state is field 3 of proc(5). */
    private static final int PARENT = 4 - 3;

    private static final int USER = 14 - 3;
    private static final int SYSTEM = 15 - 3;
    private static final int CHILDREN_USER = 16 - 3;
    private static final int CHILDREN_SYSTEM = 17 - 3;

    private ProcessorTime() {}

    /** One process, without its children. */
    public static long of(long pid) {
        return process(pid, false);
    }

    /** A process, its living children, and those it has waited for: PostgreSQL has a process per connection. */
    public static long ofFamily(long pid) {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return process(pid, true)
                    + processes
                            .map(path -> path.getFileName().toString())
                            .filter(name -> name.matches("\\d+"))
                            .mapToLong(Long::parseLong)
                            .filter(candidate -> isChild(candidate, pid))
                            .map(child -> process(child, false))
                            .sum();
        } catch (IOException noProc) {
            throw new IllegalStateException("Processor time is read from /proc, which only Linux has", noProc);
        }
    }

    private static boolean isChild(long pid, long parent) {
        var fields = stat(pid);
        return fields.length > PARENT && Long.parseLong(fields[PARENT]) == parent;
    }

    private static long process(long pid, boolean withEndedChildren) {
        var fields = stat(pid);
        if (fields.length <= CHILDREN_SYSTEM) {
            return 0;
        }
        long ticks = Long.parseLong(fields[USER]) + Long.parseLong(fields[SYSTEM]);
        if (withEndedChildren) {
            ticks += Long.parseLong(fields[CHILDREN_USER]) + Long.parseLong(fields[CHILDREN_SYSTEM]);
        }
        return ticks * NANOS_PER_TICK;
    }

    private static String[] stat(long pid) {
        try {
            var line = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return line.substring(line.lastIndexOf(')') + 2).split(" ");
        } catch (IOException ended) {
            return new String[0];
        }
    }
}

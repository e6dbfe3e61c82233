package org.countersign.systemtests.benchmark;

import java.io.IOException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Where a Java process's request threads are, asked by {@code jcmd Thread.print} again and again. Coarse, but of no cost while off. */
final class ServerProfile {

    private static final String REQUEST_THREAD = "\"default task-";
    private static final int SHOWN = 25;

    private final long pid;
    private final Map<String, Integer> places = new LinkedHashMap<>();
    private final Thread sampler;
    private volatile boolean ended;
    private int samples;

    private ServerProfile(long pid) {
        this.pid = pid;
        this.sampler = new Thread(this::sample, "profile");
        sampler.setDaemon(true);
    }

    static ServerProfile begin(long pid) {
        var profile = new ServerProfile(pid);
        profile.sampler.start();
        return profile;
    }

    /** @return the places by the number of samples: the topmost frame, and the topmost one of this product */
    String end() throws InterruptedException {
        ended = true;
        sampler.join();
        return places.entrySet().stream()
                        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                        .limit(SHOWN)
                        .map(place -> String.format("%6d  %s", place.getValue(), place.getKey()))
                        .collect(Collectors.joining("\n"))
                + "\nof " + samples;
    }

    private void sample() {
        while (!ended) {
            try {
                var process = new ProcessBuilder("jcmd", Long.toString(pid), "Thread.print")
                        .redirectErrorStream(true)
                        .start();
                var dump = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
                for (var thread : dump.split("\n\n")) {
                    count(thread);
                }
            } catch (IOException noJcmd) {
                return;
            }
        }
    }

    private void count(String thread) {
        if (!thread.startsWith(REQUEST_THREAD) || !thread.contains("org.countersign")) {
            return;
        }
        var frames = thread.lines()
                .map(String::strip)
                .filter(line -> line.startsWith("at "))
                .map(line -> line.substring(3).replaceAll("^.*//", ""))
                .toList();
        var own = frames.stream()
                .filter(frame -> frame.startsWith("org.countersign"))
                .findFirst()
                .orElse("");
        places.merge(frames.get(0) + "  <  " + own, 1, Integer::sum);
        samples++;
    }
}

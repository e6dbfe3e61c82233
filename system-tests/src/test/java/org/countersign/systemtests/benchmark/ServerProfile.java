package org.countersign.systemtests.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/** Where a Java process spends its processor time: samples of JDK Flight Recorder, switched on from outside. */
public final class ServerProfile {

    private static final int SHOWN = 30;
    private static final String OWN = "org.countersign.";

    private final long pid;
    private final Path file;

    public ServerProfile(long pid) throws IOException {
        this.pid = pid;
        this.file = Files.createTempFile("countersign-benchmark-", ".jfr");
    }

    public void begin() throws IOException {
        Jcmd.run(pid, "JFR.start", "name=benchmark", "settings=profile");
    }

    /** @return the commonest places, once by the topmost frame and once by this product's topmost one */
    public String end() throws IOException {
        Jcmd.run(pid, "JFR.stop", "name=benchmark", "filename=" + file);
        var tops = new LinkedHashMap<String, Integer>();
        var owns = new LinkedHashMap<String, Integer>();
        int samples = 0;
        for (var event : RecordingFile.readAllEvents(file)) {
            var type = event.getEventType().getName();
            if (event.getStackTrace() != null
                    && (type.equals("jdk.ExecutionSample") || type.equals("jdk.NativeMethodSample") && !waits(event))) {
                samples++;
                tops.merge(name(event.getStackTrace().getFrames().get(0)), 1, Integer::sum);
                owns.merge(own(event), 1, Integer::sum);
            }
        }
        Files.deleteIfExists(file);
        return "samples " + samples + "\n" + list(tops) + "\nby this product's topmost method\n" + list(owns);
    }

    private static boolean waits(RecordedEvent event) {
        var top = name(event.getStackTrace().getFrames().get(0));
        return !top.startsWith("com.amazon");
    }

    private static String own(RecordedEvent event) {
        return event.getStackTrace().getFrames().stream()
                .map(ServerProfile::name)
                .filter(name -> name.startsWith(OWN))
                .findFirst()
                .orElse("(none)");
    }

    private static String name(RecordedFrame frame) {
        return frame.getMethod().getType().getName() + "." + frame.getMethod().getName();
    }

    private static String list(Map<String, Integer> places) {
        return places.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(SHOWN)
                .map(place -> String.format(java.util.Locale.ROOT, "%6d  %s", place.getValue(), place.getKey()))
                .collect(Collectors.joining("\n"));
    }
}

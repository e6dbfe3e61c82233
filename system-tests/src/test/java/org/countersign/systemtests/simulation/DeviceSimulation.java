package org.countersign.systemtests.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.countersign.systemtests.harness.Company;
import org.countersign.systemtests.harness.TestServer;

/** {@code countersign simulate-devices}. docs/benchmark.md explains every column. */
public final class DeviceSimulation {

    private static final int WRONG = 1;
    private static final int USAGE = 2;
    private static final Logger LIBRARIES = Logger.getLogger("");

    private DeviceSimulation() {}

    public static void main(String... arguments) throws Exception {
        LIBRARIES.setLevel(Level.WARNING);
        if (List.of(arguments).contains("--help")) {
            System.out.print(SimulationOptions.HELP);
            return;
        }
        SimulationOptions options;
        try {
            options = SimulationOptions.parse(arguments);
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage());
            System.err.print(SimulationOptions.HELP);
            System.exit(USAGE);
            return;
        }
        // Before the first use of the class that reads it.
        System.setProperty("countersign.server", options.server());
        if (!run(options).problems().isEmpty()) {
            System.exit(WRONG);
        }
    }

    private static Outcome run(SimulationOptions options) throws Exception {
        System.out.println(
                "Starting PostgreSQL and " + options.server() + " with a distribution service in a temporary folder.");
        try (var server = TestServer.start(List.of(Company.ds()))) {
            // Also when it is stopped by Ctrl-C. Closing twice does no harm.
            var stop = new Thread(() -> closeQuietly(server), "stop");
            Runtime.getRuntime().addShutdownHook(stop);
            var outcome = new Simulation(server, options, System.out::println).run();
            Runtime.getRuntime().removeShutdownHook(stop);
            var report = new SimulationReport(options, outcome);
            System.out.print(report.text());
            if (options.json().isPresent()) {
                Files.writeString(options.json().get(), report.json());
            }
            return outcome;
        }
    }

    private static void closeQuietly(TestServer server) {
        try {
            server.close();
        } catch (IOException failure) {
            System.err.println("Not everything could be stopped or removed: " + failure);
        }
    }
}

package org.countersign.cli.up;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.countersign.cli.installation.Installation;
import org.countersign.cli.terminal.Refusal;
import org.countersign.cli.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code countersign status}: exit code 0 when everything is ready, 3 when nothing runs, 1 otherwise. */
@Command(name = "status", description = "Say what runs and where.")
public final class StatusCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Option(names = "--data", paramLabel = "DIR", description = "The data folder given to up.")
    private Path folder;

    @Override
    public Integer call() {
        var terminal = Terminal.standard();
        var data = new DataFolder(folder == null ? Installation.locate().defaultData() : folder);
        var state =
                RunState.current(data).orElseThrow(() -> Refusal.notRunning("Nothing runs on " + data.path() + "."));
        var ready = readiness(state, Context.ready(state.address()));
        boolean allReady = ready.equals("ready");
        terminal.say("signer      " + Context.signer(state.address()) + "  (" + ready + ")");
        for (var service : Service.values()) {
            var found = readiness(state, service.ready(state.address()));
            allReady &= found.equals("ready");
            terminal.say(String.format(
                    Locale.ROOT, "%-10s  %s  (%s)", service.product(), service.address(state.address()), found));
        }
        terminal.say("server      " + state.server().title());
        terminal.say("database    127.0.0.1:" + state.databasePort() + "/" + Guide.databases());
        terminal.say("supervisor  process " + state.supervisor().pid());
        terminal.say("data        " + data.path());
        return allReady ? 0 : Refusal.FAILED;
    }

    private static String readiness(RunState state, URI probe) {
        try {
            var request = HttpRequest.newBuilder(probe).timeout(PATIENCE).build();
            int status = HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.discarding())
                    .statusCode();
            return status == 200 ? "ready" : "not ready: HTTP " + status;
        } catch (IOException noAnswer) {
            return state.ready() ? "does not answer" : "starting";
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return "not asked";
        }
    }
}

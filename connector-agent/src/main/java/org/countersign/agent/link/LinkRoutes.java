package org.countersign.agent.link;

import jakarta.json.JsonValue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.countersign.agent.loopback.Call;
import org.countersign.agent.loopback.Jsons;
import org.countersign.agent.loopback.Route;
import org.countersign.agent.loopback.Route.Access;
import org.countersign.agent.transactions.TransactionQueue;
import org.countersign.core.error.AgentError;
import org.countersign.core.error.ProtocolException;

/** {@code GET /ds/transactions} and {@code GET}, {@code POST /logs/push}. */
public final class LinkRoutes {

    private final Optional<Link> link;
    private final TransactionQueue transactions;
    private final Path logs;

    /** @param logs the folder of the log files */
    public LinkRoutes(Optional<Link> link, TransactionQueue transactions, Path logs) {
        this.link = link;
        this.transactions = transactions;
        this.logs = logs;
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/ds/transactions", Access.TOKEN, this::transactions),
                Route.post("/logs/push", Access.TOKEN, call -> pushLogs()),
                Route.changingGet("/logs/push", Access.TOKEN, call -> pushLogs()));
    }

    /** With transactions noted for the calls of modules, when there is a service to have them. */
    public List<Route> noted(List<Route> routes) {
        if (link.isEmpty()) {
            return routes;
        }
        var all = new ArrayList<Route>();
        for (var route : routes) {
            var segments = route.segments();
            boolean ofModule = segments.size() > 3 && segments.subList(0, 2).equals(List.of("v3", "modules"));
            all.add(ofModule ? noted(route) : route);
        }
        return List.copyOf(all);
    }

    private Route noted(Route route) {
        var segments = route.segments();
        var useCase = segments.get(segments.size() - 1);
        return route.answeredBy(call -> {
            var answer = route.handler().answer(call);
            var module = segments.get(2);
            transactions.add(call, module.startsWith("{") ? call.path().get("module") : module, useCase);
            return answer;
        });
    }

    private JsonValue transactions(Call call) {
        var array = Jsons.array();
        if (call.origin().isPresent() && call.label().isEmpty()) {
            // A page that nobody vouches for has none of its own, and is not to see those of others.
            return array.build();
        }
        transactions.list(call.label()).forEach(array::add);
        return array.build();
    }

    private JsonValue pushLogs() {
        var service = link.orElseThrow(
                () -> new ProtocolException(AgentError.SERVICE_AWAY, "This agent has no distribution service"));
        try {
            var bundle = LogBundle.of(logs)
                    .orElseThrow(() -> new ProtocolException(AgentError.NOT_FOUND, "There are no log files"));
            return Jsons.object().add("id", service.sendLogs(bundle)).build();
        } catch (IOException away) {
            throw new ProtocolException(AgentError.SERVICE_AWAY, "The distribution service did not take the logs");
        }
    }
}

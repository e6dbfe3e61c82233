package org.countersign.agent.modules;

import jakarta.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.countersign.agent.loopback.Deadline;
import org.countersign.agent.loopback.Jsons;
import org.countersign.agent.sandbox.Sandbox;
import org.countersign.core.error.AgentError;
import org.countersign.core.error.ProtocolException;

/**
 * A module that works by child processes.
 *
 * @param sandboxes asked in this order; the first that knows the card answers
 */
record SandboxedModule(String name, List<Sandbox> sandboxes) implements TokenModule {

    SandboxedModule {
        sandboxes = List.copyOf(sandboxes);
    }

    @Override
    public JsonObject call(Optional<String> reader, String operation, JsonObject details, Deadline deadline) {
        var request = Jsons.object().add("operation", operation);
        reader.ifPresent(given -> request.add("reader", given));
        details.forEach(request::add);
        if (sandboxes.size() > 1
                && (details.containsKey("pin") || details.containsKey("puk") || details.containsKey("lastTry"))) {
            // A card that is taken out meanwhile must not let its PIN go to another library's.
            var info = Jsons.object().add("operation", "info");
            reader.ifPresent(given -> info.add("reader", given));
            if (details.containsKey("card")) {
                info.add("card", details.get("card"));
            }
            var asked = info.build();
            return first(sandbox -> {
                        sandbox.call(asked, deadline);
                        return sandbox;
                    })
                    .call(request.build(), deadline);
        }
        var built = request.build();
        return first(sandbox -> sandbox.call(built, deadline));
    }

    /** What the first gives that has a card. */
    private <T> T first(Function<Sandbox, T> question) {
        ProtocolException noCard = new ProtocolException(AgentError.NO_CARD, "There is no card that this module knows");
        for (var sandbox : sandboxes) {
            try {
                return question.apply(sandbox);
            } catch (ProtocolException refusal) {
                if (refusal.code() != AgentError.NO_CARD) {
                    throw refusal;
                }
            }
        }
        throw noCard;
    }

    @Override
    public void close() {
        sandboxes.forEach(Sandbox::close);
    }
}

package org.countersign.agent.readers;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Locale;
import org.countersign.agent.loopback.Call;
import org.countersign.agent.loopback.Jsons;
import org.countersign.agent.loopback.Route;
import org.countersign.agent.loopback.Route.Access;
import org.countersign.core.error.AgentError;
import org.countersign.core.error.ProtocolException;

/** {@code GET /v3/readers}, {@code /v3/readers/{id}} and {@code /atrs}. */
public final class ReaderRoutes {

    private final Readers readers;
    private final AtrMap atrs;

    public ReaderRoutes(Readers readers, AtrMap atrs) {
        this.readers = readers;
        this.atrs = atrs;
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/v3/readers", Access.TOKEN, this::list),
                Route.get("/v3/readers/{id}", Access.TOKEN, this::find),
                Route.get("/atrs", Access.TOKEN, call -> atrs()));
    }

    private JsonValue list(Call call) {
        var inserted = call.query().get("cardInserted");
        if (inserted != null && !"true".equals(inserted) && !"false".equals(inserted)) {
            throw new ProtocolException(AgentError.BAD_REQUEST, "cardInserted is true or false");
        }
        var excluded = call.query().getOrDefault("excluded", "").toLowerCase(Locale.ROOT);
        var array = Jsons.array();
        readers.list().stream()
                .filter(reader -> inserted == null || reader.card().isPresent() == Boolean.parseBoolean(inserted))
                .filter(reader -> excluded.isEmpty()
                        || !reader.name().toLowerCase(Locale.ROOT).contains(excluded))
                .forEach(reader -> array.add(json(reader)));
        return array.build();
    }

    private JsonValue find(Call call) {
        return readers.find(call.path().get("id"))
                .map(ReaderRoutes::json)
                .orElseThrow(() -> new ProtocolException(AgentError.READER_NOT_FOUND, "There is no such reader"));
    }

    private JsonValue atrs() {
        var array = Jsons.array();
        atrs.kinds()
                .forEach(kind -> array.add(Jsons.object()
                        .add("atr", kind.pattern())
                        .add("module", Jsons.texts(kind.modules()))
                        .add("description", kind.description())));
        return array.build();
    }

    private static JsonObject json(Reader reader) {
        var json =
                Jsons.object().add("id", reader.id()).add("name", reader.name()).add("pinpad", reader.pinpad());
        reader.card().ifPresent(card -> {
            var object = Jsons.object().add("atr", card.atr());
            if (!card.description().isEmpty()) {
                object.add("description", Jsons.texts(card.description()));
            }
            if (!card.modules().isEmpty()) {
                // The guides have "module", the SDK's typings "modules".
                object.add("module", Jsons.texts(card.modules())).add("modules", Jsons.texts(card.modules()));
            }
            json.add("card", object);
        });
        return json.build();
    }
}

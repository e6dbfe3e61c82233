package org.countersign.agent.consent;

import jakarta.json.JsonArray;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.countersign.agent.dialogs.Attempts;
import org.countersign.agent.dialogs.Clipboard;
import org.countersign.agent.dialogs.Dialogs;
import org.countersign.agent.loopback.Call;
import org.countersign.agent.loopback.ConsentType;
import org.countersign.agent.loopback.Jsons;
import org.countersign.agent.loopback.Route;
import org.countersign.agent.loopback.Route.Access;
import org.countersign.core.error.AgentError;
import org.countersign.core.error.ProtocolException;

/** {@code POST /v3/consent}, {@code POST /v3/validate} and {@code GET /v3/agents}. */
public final class ConsentRoutes {

    private static final int MOST_TOKENS = 50;
    private static final int LONGEST_TITLE = 200;
    private static final int COPIED_A_MINUTE = 10;

    /** How it stands with a page, in the words of the v3 API. */
    private enum State {
        APPROVED,
        REQUIRED,
        OUTDATED
    }

    private final ConsentStore store;
    private final ConsentToken tokens;
    private final Dialogs dialogs;
    private final Clipboard clipboard;
    private final Clock clock;
    private final int mostDays;
    private final ReentrantLock reading = new ReentrantLock();
    private final Attempts copied;

    /** @param mostDays whatever a page asks for */
    public ConsentRoutes(
            ConsentStore store, ConsentToken tokens, Dialogs dialogs, Clipboard clipboard, Clock clock, int mostDays) {
        this.store = store;
        this.tokens = tokens;
        this.dialogs = dialogs;
        this.clipboard = clipboard;
        this.clock = clock;
        this.mostDays = mostDays;
        this.copied = new Attempts(COPIED_A_MINUTE, clock);
    }

    public List<Route> routes() {
        return List.of(
                Route.post("/v3/consent", Access.TOKEN, this::consent),
                Route.post("/v3/validate", Access.TOKEN, this::validate),
                Route.get("/v3/agents", Access.TOKEN, this::agents));
    }

    private JsonValue consent(Call call) {
        var origin = origin(call);
        var type = call.text("type")
                .map(name -> ConsentType.of(name)
                        .orElseThrow(
                                () -> new ProtocolException(AgentError.BAD_REQUEST, "type is reader or file_exchange")))
                .orElse(ConsentType.READER);
        var codeWord = call.text("codeWord")
                .orElseThrow(() -> new ProtocolException(AgentError.BAD_REQUEST, "codeWord is required"));
        int days = Math.min(call.number("durationInDays", 1, Integer.MAX_VALUE, 1), mostDays);
        var presented = presented(call);
        var title = call.text("title");
        var holder = store.holder(type, origin, call.browser());
        var granted =
                title.isPresent() ? asked(call, holder, title.get(), codeWord, days) : copied(holder, codeWord, days);
        return answer(call, granted, granted.isPresent() ? State.APPROVED : State.REQUIRED, presented);
    }

    /** By the agent's window. */
    private Optional<Consent> asked(Call call, Consent.Holder holder, String title, String codeWord, int days) {
        if (!CodeWord.canBeShown(codeWord) || title.isBlank() || title.length() > LONGEST_TITLE) {
            throw new ProtocolException(
                    AgentError.BAD_REQUEST,
                    "codeWord has 1 to 64 printable characters of ASCII, title 1 to 200 characters");
        }
        if (!dialogs.allow(call, holder.origin(), holder.type(), title, codeWord, days)) {
            return Optional.empty();
        }
        return Optional.of(store.grant(holder, days));
    }

    /** By the clipboard. */
    private Optional<Consent> copied(Consent.Holder holder, String codeWord, int days) {
        if (!CodeWord.canNotBeGuessed(codeWord)) {
            throw new ProtocolException(
                    AgentError.BAD_REQUEST,
                    "Without title, codeWord has 128 random bits at least, in 256 printable characters of ASCII at most");
        }
        var there = onClipboard(holder.origin());
        if (there.isEmpty() || !MessageDigest.isEqual(there.get(), codeWord.getBytes(StandardCharsets.UTF_8))) {
            return Optional.empty();
        }
        var granted = store.grant(holder, days, codeWord);
        granted.ifPresent(consent -> copied.forget(holder.origin()));
        return granted;
    }

    /** One request at a time: a desktop that does not answer holds one thread. */
    private Optional<byte[]> onClipboard(String origin) {
        if (!reading.tryLock()) {
            throw new ProtocolException(AgentError.BUSY, "The clipboard is being read; try again later");
        }
        try {
            copied.count(origin);
            return clipboard.read();
        } finally {
            reading.unlock();
        }
    }

    private JsonValue validate(Call call) {
        if (!call.body().containsKey("consents")) {
            throw consentsWrong();
        }
        var known = presented(call);
        var valid = known.stream()
                .filter(consent -> consent.isValid(clock.instant()))
                .findFirst();
        var state = valid.isPresent() ? State.APPROVED : known.isEmpty() ? State.REQUIRED : State.OUTDATED;
        return answer(call, valid, state, known);
    }

    private JsonValue agents(Call call) {
        return Jsons.array()
                .add(tokens.agent(System.getProperty("user.name"), call.port()))
                .build();
    }

    private static String origin(Call call) {
        return call.origin()
                .orElseThrow(() -> new ProtocolException(AgentError.ORIGIN_REFUSED, "Consent is given to pages only"));
    }

    /** Of those in the request, the consents that are of this agent and for this page in this browser. */
    private List<Consent> presented(Call call) {
        var origin = origin(call);
        var value = call.body().getOrDefault("consents", JsonValue.EMPTY_JSON_ARRAY);
        if (value == JsonValue.NULL) {
            return List.of();
        }
        if (!(value instanceof JsonArray array) || array.size() > MOST_TOKENS) {
            throw consentsWrong();
        }
        var found = new ArrayList<Consent>();
        for (var item : array) {
            if (!(item instanceof JsonString token)) {
                throw consentsWrong();
            }
            tokens.read(token.getString())
                    .flatMap(store::find)
                    .filter(consent -> consent.holder()
                            .equals(store.holder(consent.holder().type(), origin, call.browser())))
                    .filter(consent -> !found.contains(consent))
                    .ifPresent(found::add);
        }
        return found;
    }

    private static ProtocolException consentsWrong() {
        return new ProtocolException(AgentError.BAD_REQUEST, "consents is an array of 50 strings at most");
    }

    private JsonValue answer(Call call, Optional<Consent> current, State state, List<Consent> others) {
        var all = new ArrayList<Consent>();
        current.ifPresent(all::add);
        var now = clock.instant();
        others.stream()
                .filter(consent -> consent.isValid(now) && !all.contains(consent))
                .forEach(all::add);
        var data = Jsons.object();
        current.ifPresent(consent -> data.add("consent", tokens.write(consent, call.port())));
        return data.add(
                        "consents",
                        Jsons.texts(all.stream()
                                .map(consent -> tokens.write(consent, call.port()))
                                .toList()))
                .add("consentState", state.name())
                .build();
    }
}

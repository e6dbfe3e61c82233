package org.countersign.agent.cards;

import jakarta.json.JsonObject;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import javax.smartcardio.Card;
import javax.smartcardio.CardException;
import javax.smartcardio.CardTerminal;
import javax.smartcardio.CardTerminals;
import jnasmartcardio.Smartcardio;
import org.countersign.agent.loopback.Jsons;
import org.countersign.core.error.AgentError;
import org.countersign.core.error.ProtocolException;

/** Finds the card of a request, and has it to itself, by a PC/SC transaction, while the request is worked on. */
public final class CardReaders {

    /** How long others may keep a card before the request is told to come again. */
    private static final long WAIT_SECONDS = 5;

    /** How often a request is begun before the card is said to have failed. */
    private static final int ATTEMPTS = 3;

    /** SCARD_E_SHARING_VIOLATION: somebody has the card for himself alone. */
    private static final int SHARING_VIOLATION = 0x8010000B;

    private final CardKind kind;
    private final Consumer<JsonObject> remember;
    private boolean spent;

    /** @param remember gives {@link #memory()} to who outlives this process */
    public CardReaders(CardKind kind, Consumer<JsonObject> remember) {
        this.kind = kind;
        this.remember = remember;
    }

    /**
     * Answers a request.
     *
     * @param request with {@code reader}, the reader's name, when it is one reader's card that is meant; otherwise the first
     *     card of the kind is: past one in use or mute only with {@code card}, the card's identity, or without a PIN, and
     *     never with {@code first}
     * @throws ProtocolException {@code no_card}; {@code busy}, after which this process is of no more use: it may be waiting
     *     for its turn in the reader service, which nothing ends
     */
    public JsonObject answer(JsonObject request) throws CardException {
        boolean further = !request.containsKey("reader")
                && !request.getBoolean("first", false)
                && (!request.containsKey("pin") || request.containsKey("card"));
        var passed = new HashSet<String>();
        Optional<ProtocolException> inUse = Optional.empty();
        while (true) {
            try {
                return look(request, further, passed);
            } catch (ProtocolException refusal) {
                if (refusal.code() != AgentError.BUSY || !further) {
                    throw refusal.code() == AgentError.NO_CARD ? inUse.orElse(refusal) : refusal;
                }
                inUse = Optional.of(refusal);
                spent = true;
            }
        }
    }

    /** Whether this process waits for a turn that it does not want any more. */
    public boolean isSpent() {
        return spent;
    }

    /** By a connection to the reader service of its own: one that waits for a card does nothing else. */
    private JsonObject look(JsonObject request, boolean further, Set<String> passed) throws CardException {
        var terminals =
                (Smartcardio.JnaCardTerminals) new Smartcardio.JnaTerminalFactorySpi((Object) null).engineTerminals();
        boolean waiting = false;
        try {
            var reader = Optional.ofNullable(request.getString("reader", null));
            Optional<CardException> mute = Optional.empty();
            for (var terminal : terminals.list(CardTerminals.State.CARD_PRESENT)) {
                boolean meant = reader.isEmpty() || reader.get().equals(terminal.getName());
                if (meant && passed.add(terminal.getName())) {
                    try {
                        var answer = patiently(terminal, request);
                        if (answer.isPresent()) {
                            return answer.get().containsKey("card")
                                    ? Jsons.object(answer.get())
                                            .add("reader", terminal.getName())
                                            .build()
                                    : answer.get();
                        }
                    } catch (ProtocolException refusal) {
                        // It may be another's turn to be the card that is meant.
                        if (refusal.code() != AgentError.NO_CARD || !further) {
                            throw refusal;
                        }
                    } catch (CardException broken) {
                        if (!further) {
                            throw broken;
                        }
                        mute = Optional.of(broken);
                    }
                }
            }
            if (mute.isPresent()) {
                throw mute.get();
            }
            throw new ProtocolException(AgentError.NO_CARD, "No card of this kind");
        } catch (ProtocolException refusal) {
            waiting = refusal.code() == AgentError.BUSY;
            throw refusal;
        } finally {
            if (!waiting) {
                release(terminals);
            }
        }
    }

    private static void release(Smartcardio.JnaCardTerminals terminals) {
        try {
            terminals.close();
        } catch (CardException serviceGone) {
            // And with it what was to be released; what the card answered stands.
        }
    }

    /** What is known of cards beyond a request. */
    public JsonObject memory() {
        return kind.commands().memory();
    }

    /**
     * pcscd (seen with 1.9.9) may cut a card's power in the midst of its use, when another program let go of the card just as
     * this one got it: the last one to go counts the programs before the newcomer is counted. The card has then forgotten what
     * was chosen and shown. As long as that has cost no try of the PIN it begins anew.
     */
    private Optional<JsonObject> patiently(CardTerminal terminal, JsonObject request) throws CardException {
        for (int attempt = 1; ; attempt++) {
            var card = exclusively(terminal);
            var session = new CardSession(card.getBasicChannel(), () -> remember.accept(memory()));
            try {
                return answer(card, session, request);
            } catch (CardException failed) {
                if (attempt == ATTEMPTS || session.isPinInDoubt()) {
                    throw failed;
                }
            }
        }
    }

    /** Nothing when it is a card of another kind. */
    private Optional<JsonObject> answer(Card card, CardSession session, JsonObject request) throws CardException {
        try {
            return kind.commands().select(session)
                    ? Optional.of(kind.commands().answer(session, request))
                    : Optional.empty();
        } finally {
            if (session.isPinGiven()) {
                // While nobody else can get at the card, it forgets the PIN.
                card.disconnect(true);
            } else {
                card.endExclusive();
                card.disconnect(false);
            }
        }
    }

    /** The reader service lets a program wait as long as another has the card, when it connects already. */
    private static Card exclusively(CardTerminal terminal) throws CardException {
        var begun = CompletableFuture.supplyAsync(() -> {
            try {
                var card = terminal.connect("*");
                card.beginExclusive();
                return card;
            } catch (CardException refused) {
                throw new CompletionException(refused);
            }
        });
        try {
            return begun.get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException inUse) {
            throw busy();
        } catch (ExecutionException refused) {
            if (refused.getCause() instanceof Smartcardio.JnaPCSCException told
                    && (int) told.code == SHARING_VIOLATION) {
                throw busy();
            }
            throw new CardException(refused.getCause());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw busy();
        }
    }

    private static ProtocolException busy() {
        return new ProtocolException(AgentError.BUSY, "In use");
    }
}

package org.countersign.agent.readers;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import javax.smartcardio.CardException;
import javax.smartcardio.CardTerminal;
import javax.smartcardio.CardTerminals.State;
import jnasmartcardio.Smartcardio;
import org.countersign.core.entropy.Entropy;

/**
 * Keeps the list of readers and cards. Its thread sleeps in PC/SC until something changes; when the reader service is not
 * there, or goes, the list is empty and the thread tries again until it is back.
 */
public final class Readers implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Readers.class.getName());

    /** How long to sleep in PC/SC at once, so that closing is noticed; in ms. */
    private static final long NAP = 1_000;

    private static final long UNTIL_NEXT_TRY = 500;
    private static final int ID_BYTES = 8;

    /** PC/SC part 10, 2.2: CM_IOCTL_GET_FEATURE_REQUEST. */
    private static final int FEATURE_REQUEST =
            System.getProperty("os.name", "").startsWith("Windows") ? 0x31 << 16 | 3_400 << 2 : 0x42000000 + 3_400;
    /** PC/SC part 10, 2.3. */
    private static final int VERIFY_PIN_DIRECT = 0x06;

    private static final int FEATURE_BYTES = 6;

    private final AtrMap atrs;
    private final byte[] salt;
    private final Thread thread;
    private final Map<String, Long> insertions = new ConcurrentHashMap<>();
    private volatile List<Reader> list = List.of();
    private volatile boolean available;
    private volatile boolean closed;

    public Readers(AtrMap atrs, Entropy entropy) {
        this.atrs = atrs;
        this.salt = entropy.bytes(ID_BYTES);
        this.thread = new Thread(this::watch, "readers");
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    public List<Reader> list() {
        return list;
    }

    public Optional<Reader> find(String id) {
        return list.stream().filter(reader -> reader.id().equals(id)).findFirst();
    }

    /** How often a card was put into a reader, or into any, since the agent started; another number is another card. */
    public long insertions(Optional<Reader> reader) {
        return reader.map(one -> insertions.getOrDefault(one.id(), 0L))
                .orElseGet(() ->
                        insertions.values().stream().mapToLong(Long::longValue).sum());
    }

    /** Whether the reader service answers. */
    public boolean isAvailable() {
        return available;
    }

    private void watch() {
        boolean told = false;
        while (!closed) {
            try {
                var terminals = (Smartcardio.JnaCardTerminals)
                        new Smartcardio.JnaTerminalFactorySpi((Object) null).engineTerminals();
                try {
                    follow(terminals);
                } finally {
                    terminals.close();
                }
            } catch (CardException | RuntimeException | LinkageError away) {
                if (available || !told) {
                    LOG.log(System.Logger.Level.INFO, "There is no reader service: {0}", away.toString());
                    told = true;
                }
                available = false;
                list = List.of();
                pause();
            }
        }
    }

    private void follow(Smartcardio.JnaCardTerminals terminals) throws CardException {
        var pinpads = new HashMap<String, Boolean>();
        // The first time it only takes stock: what is there already would be told as inserted again otherwise.
        terminals.waitForChange(1);
        while (!closed) {
            var present = names(terminals, State.CARD_PRESENT);
            var inserted = names(terminals, State.CARD_INSERTION);
            var fresh = new ArrayList<Reader>();
            for (var terminal : terminals.list()) {
                var name = terminal.getName();
                var id = id(name);
                if (inserted.contains(name)) {
                    insertions.merge(id, 1L, Long::sum);
                }
                boolean pinpad = pinpads.computeIfAbsent(name, unknown -> hasPinpad(terminal));
                var card = present.contains(name)
                        ? card(terminal, inserted.contains(name) ? Optional.empty() : find(id))
                        : Optional.<Reader.Card>empty();
                fresh.add(new Reader(id, name, pinpad, card));
            }
            pinpads.keySet().retainAll(fresh.stream().map(Reader::name).toList());
            list = List.copyOf(fresh);
            available = true;
            while (!closed && !terminals.waitForChange(NAP)) {
                // Nothing happened.
            }
        }
    }

    private static Set<String> names(Smartcardio.JnaCardTerminals terminals, State state) throws CardException {
        return terminals.list(state).stream().map(CardTerminal::getName).collect(Collectors.toSet());
    }

    /**
     * Only a card that was not there before is connected to: each connection, and each end of one, wakes all that watch the
     * readers, and comes in the way of those who use the card.
     */
    private Optional<Reader.Card> card(CardTerminal terminal, Optional<Reader> before) {
        return before.flatMap(Reader::card).or(() -> atr(terminal).map(atrs::card));
    }

    /** Nothing when somebody has the card for himself, or it does not answer; there is another try at the next change. */
    private static Optional<String> atr(CardTerminal terminal) {
        try {
            var card = terminal.connect("*");
            try {
                return AtrMap.normalized(card.getATR().getBytes());
            } finally {
                card.disconnect(false);
            }
        } catch (CardException | IllegalStateException inUse) {
            return Optional.empty();
        }
    }

    private static boolean hasPinpad(CardTerminal terminal) {
        try {
            var direct = terminal.connect("DIRECT");
            try {
                return offersPin(direct.transmitControlCommand(FEATURE_REQUEST, new byte[0]));
            } finally {
                direct.disconnect(false);
            }
        } catch (CardException | RuntimeException unknown) {
            return false;
        }
    }

    /** Entries of a tag, the length 4, and four bytes. */
    static boolean offersPin(byte[] features) {
        for (int i = 0; i + FEATURE_BYTES <= features.length; i += FEATURE_BYTES) {
            if (features[i] == VERIFY_PIN_DIRECT) {
                return true;
            }
        }
        return false;
    }

    private String id(String name) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(salt);
            var bytes = digest.digest(name.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().toHexDigits(ByteBuffer.wrap(bytes).getLong());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private synchronized void pause() {
        try {
            if (!closed) {
                wait(UNTIL_NEXT_TRY);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            closed = true;
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
    }
}

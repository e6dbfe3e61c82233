package org.countersign.agent.transactions;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.countersign.agent.keys.PrivateFolder;
import org.countersign.agent.loopback.Call;
import org.countersign.agent.loopback.Jsons;
import org.countersign.core.entropy.Entropy;

/**
 * Transactions that the distribution service does not have yet, in files of some hundred lines, one JSON object each. A line
 * is in its file before the call that made it is answered, and a file goes when the service has said that it has all of it:
 * so an agent that is killed loses nothing, and what is sent twice has the same identifiers. (A machine that loses its power
 * may lose those of its last seconds.)
 */
public final class TransactionQueue {

    private static final System.Logger LOG = System.getLogger(TransactionQueue.class.getName());

    private static final String SUFFIX = ".jsonl";
    private static final String REFUSED = "refused-";
    private static final Pattern FILE = Pattern.compile("(" + REFUSED + ")?(\\d{12})\\" + SUFFIX);
    private static final int LINES = 500;
    /** Half a million transactions; the oldest are the last to be given up. */
    private static final int MOST_FILES = 1_000;

    private static final int MOST_LISTED = 1_000;

    private final Path folder;
    private final Entropy entropy;
    private final Clock clock;
    private final Deque<Path> files = new ArrayDeque<>();
    private long lastNumber;
    private int linesOfLast = LINES;
    private volatile Runnable added = () -> {};

    private TransactionQueue(Path folder, Entropy entropy, Clock clock) {
        this.folder = folder;
        this.entropy = entropy;
        this.clock = clock;
    }

    /** What a run before this one left comes first. */
    public static TransactionQueue open(PrivateFolder folder, Entropy entropy, Clock clock) {
        var queue = new TransactionQueue(folder.path(), entropy, clock);
        try (Stream<Path> list = Files.list(folder.path())) {
            list.sorted().forEach(queue::found);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("The transactions can not be read", unreadable);
        }
        return queue;
    }

    /** A number is used once, also when what had it was put aside. */
    private void found(Path file) {
        var name = FILE.matcher(file.getFileName().toString());
        if (name.matches()) {
            lastNumber = Math.max(lastNumber, Long.parseLong(name.group(2)));
            if (name.group(1) == null) {
                files.add(file);
            }
        }
    }

    /** @param action after each new one; must not wait */
    public void whenAdded(Runnable action) {
        added = action;
    }

    /** Notes what a call did. A call does not fail for it. */
    public void add(Call call, String module, String useCase) {
        try {
            write(new Transaction(
                    call.label(),
                    module,
                    useCase,
                    clock.instant().truncatedTo(ChronoUnit.MILLIS).toString(),
                    call.tag(),
                    entropy.uuid().toString()));
        } catch (IOException full) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "A transaction could not be written to disk: {0}",
                    full.getClass().getName());
        }
        added.run();
    }

    private synchronized void write(Transaction transaction) throws IOException {
        if (linesOfLast >= LINES) {
            if (files.size() >= MOST_FILES) {
                throw new IOException("there are too many that wait");
            }
            lastNumber++;
            files.add(folder.resolve(String.format(Locale.ROOT, "%012d", lastNumber) + SUFFIX));
            linesOfLast = 0;
        }
        linesOfLast++;
        Files.writeString(
                files.getLast(), line(transaction.json()), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static String line(JsonObject transaction) {
        return new String(Jsons.bytes(transaction), StandardCharsets.UTF_8) + "\n";
    }

    /** Those of one file; what comes later goes into another. */
    public record Batch(Path file, List<JsonObject> transactions) {

        public Batch {
            transactions = List.copyOf(transactions);
        }
    }

    /** The oldest ones; nothing when there are none. A file that can not be read is put aside. */
    public synchronized Optional<Batch> next() {
        while (!files.isEmpty()) {
            var oldest = files.getFirst();
            if (files.size() == 1) {
                linesOfLast = LINES;
            }
            try {
                var lines = lines(oldest);
                if (!lines.isEmpty()) {
                    return Optional.of(new Batch(oldest, lines));
                }
                remove(oldest);
            } catch (IOException unreadable) {
                putAside(oldest, unreadable);
            }
        }
        return Optional.empty();
    }

    private void putAside(Path file, IOException unreadable) {
        LOG.log(
                System.Logger.Level.ERROR,
                "A file of transactions can not be read, and is put aside: {0}",
                unreadable.getClass().getName());
        files.remove(file);
        try {
            Files.move(file, aside(file));
        } catch (IOException stays) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "It can not be put aside: {0}",
                    stays.getClass().getName());
        }
    }

    private Path aside(Path file) {
        return folder.resolve(REFUSED + file.getFileName());
    }

    /** The service has them. */
    public synchronized void done(Batch batch) {
        remove(batch.file());
    }

    /**
     * The service has all of them but some that it will never take: these are kept aside, for people.
     *
     * @param refused of the batch
     */
    public synchronized void done(Batch batch, List<JsonObject> refused) {
        try {
            var lines = new StringBuilder();
            refused.forEach(transaction -> lines.append(line(transaction)));
            Files.writeString(aside(batch.file()), lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            remove(batch.file());
        } catch (IOException stays) {
            // Tried again by the next run.
            files.remove(batch.file());
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Refused transactions can not be put aside: {0}",
                    stays.getClass().getName());
        }
    }

    /** An application's own that wait, the oldest first; all of them for a program without a label. */
    public List<JsonObject> list(Optional<String> label) {
        var found = new ArrayList<JsonObject>();
        try {
            list(label, found);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("The transactions can not be read", unreadable);
        }
        return found;
    }

    private void list(Optional<String> label, List<JsonObject> found) throws IOException {
        // No call waits to note its transaction while many files are read.
        for (var file : waiting()) {
            for (var transaction : lines(file)) {
                boolean theirs = label.isEmpty() || label.get().equals(transaction.getString("label", ""));
                if (theirs && found.size() < MOST_LISTED) {
                    found.add(transaction);
                }
            }
            if (found.size() >= MOST_LISTED) {
                break;
            }
        }
    }

    private synchronized List<Path> waiting() {
        return List.copyOf(files);
    }

    /** A line that was cut off, when the machine lost its power, is left out. */
    private static List<JsonObject> lines(Path file) throws IOException {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    .lines()
                    .flatMap(line -> Jsons.parse(line.getBytes(StandardCharsets.UTF_8)).stream())
                    .toList();
        } catch (NoSuchFileException gone) {
            return List.of();
        }
    }

    private void remove(Path file) {
        files.remove(file);
        try {
            Files.deleteIfExists(file);
        } catch (IOException stays) {
            // Sent again by the next run, under the same identifiers.
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Sent transactions can not be removed: {0}",
                    stays.getClass().getName());
        }
    }
}

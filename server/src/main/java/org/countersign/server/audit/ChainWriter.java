package org.countersign.server.audit;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.countersign.core.entropy.Entropy;
import org.countersign.server.logging.ContextLogger;

/**
 * The chain this node writes and where it stands. Not for several threads: the appender's alone once the log runs.
 *
 * <p>Entries go to the database, then the head to the anchor. When an insert's answer is lost, the same entries are
 * written again until they are known to be there. The table's primary key decides between the two attempts, so neither
 * a late commit of the first nor a second writer can fork the chain.
 */
final class ChainWriter {

    private static final System.Logger LOG = ContextLogger.of(ChainWriter.class);

    private final AuditSettings settings;
    private final DataSource database;
    private final AuditAnchor anchor;
    private final AnchorKey key;
    private final Clock clock;
    private final Entropy entropy;

    /** The newest entry known to be in the database; null until a chain is begun. */
    private ChainHead head;

    private HeadState state = HeadState.OPEN;
    private List<ChainedEntry> pending = List.of();
    /** Whether {@link #pending} was sent at least once without a clear answer. */
    private boolean inDoubt;

    private boolean anchorBehind;
    private boolean databaseAway;
    private int commits;

    ChainWriter(
            AuditSettings settings,
            DataSource database,
            AuditAnchor anchor,
            AnchorKey key,
            Clock clock,
            Entropy entropy) {
        this.settings = settings;
        this.database = database;
        this.anchor = anchor;
        this.key = key;
        this.clock = clock;
        this.entropy = entropy;
    }

    /** Begins the first chain and takes over what earlier ones of this node left. */
    void start() {
        List<ChainRecovery.Recovered> recovered;
        try (var connection = database.getConnection()) {
            requireUtf8(connection);
            recovered = new ChainRecovery(anchor, key.publicKey()).examine(connection);
        } catch (SQLException | IOException failure) {
            throw new AuditUnavailableException("The audit log cannot be started", failure);
        }
        begin("server start");
        settle();
        var notes = recovered.stream()
                .filter(chain -> chain.last().seq() > 0)
                .map(ChainRecovery.Recovered::event)
                .toList();
        if (!notes.isEmpty()) {
            write(notes);
        }
        try {
            for (var chain : recovered) {
                // Only now: a crash before this leaves the chain to the next start.
                anchor.write(SignedHead.sign(key, chain.last(), HeadState.RECOVERED, clock.instant()));
            }
        } catch (IOException failure) {
            throw new AuditUnavailableException("The anchor of the audit log cannot be written", failure);
        }
    }

    /** Whether {@link #write} may be called; otherwise {@link #settle()} has to succeed first. */
    boolean settled() {
        return head != null && pending.isEmpty() && !anchorBehind && !databaseAway;
    }

    /** Whether entries may be in the database of which it is not known. */
    boolean inDoubt() {
        return inDoubt;
    }

    /** Transactions with entries so far. */
    int commits() {
        return commits;
    }

    /** Returns when the events are in the database and under the anchored head. */
    void write(List<AuditEvent> events) {
        var entries = new ArrayList<ChainedEntry>(events.size());
        var at = clock.instant();
        var last = head;
        for (var event : events) {
            var entry = ChainedEntry.after(last, at, event);
            entries.add(entry);
            last = entry.head();
        }
        pending = entries;
        settle();
    }

    /** Brings to its end what was left in the middle. */
    void settle() {
        try {
            if (head == null) {
                begin("another writer in the chain before");
            }
            if (pending.isEmpty() && databaseAway) {
                probe();
            }
            if (!pending.isEmpty()) {
                commit();
            }
            if (anchorBehind) {
                anchor.write(SignedHead.sign(key, head, state, clock.instant()));
                anchorBehind = false;
            }
        } catch (IOException failure) {
            throw new AuditUnavailableException("The anchor of the audit log cannot be written", failure);
        }
    }

    /** Ends the chain, if all is well; else the next start does. */
    void end() {
        if (settled()) {
            state = HeadState.CLOSED;
            write(List.of(AuditEvent.ofChain("closed")));
        }
    }

    private void begin(String reason) {
        var next = ChainHead.before(entropy.uuid());
        try {
            // First the anchor: no chain is ever in the database without one.
            anchor.write(SignedHead.sign(key, next, HeadState.OPEN, clock.instant()));
        } catch (IOException failure) {
            throw new AuditUnavailableException("The anchor of the audit log cannot be written", failure);
        }
        head = next;
        pending = List.of(ChainedEntry.after(
                next,
                clock.instant(),
                AuditEvent.ofChain("started")
                        .detail("node", settings.node())
                        .detail("version", settings.version())
                        .detail("reason", reason)));
    }

    private void commit() {
        try (var connection = connection()) {
            EntryTable.insert(connection, pending);
            committed();
        } catch (SQLException failure) {
            if (pending.isEmpty()) {
                // Giving the connection back failed, after the commit.
                return;
            }
            switch (WriteFailure.of(failure)) {
                case PRESENT -> compare();
                case UNKNOWN -> {
                    inDoubt = true;
                    throw new AuditUnavailableException("The database's answer to an audit entry was lost", failure);
                }
                case NOT_WRITTEN -> {
                    dropUnlessInDoubt();
                    throw new AuditUnavailableException("The database refused an audit entry", failure);
                }
                default -> throw new IllegalStateException(failure);
            }
        }
    }

    private Connection connection() {
        try {
            var connection = database.getConnection();
            databaseAway = false;
            return connection;
        } catch (SQLException failure) {
            databaseAway = true;
            dropUnlessInDoubt();
            throw new AuditUnavailableException("The database of the audit log is away", failure);
        }
    }

    private void dropUnlessInDoubt() {
        // A chain's first entry stays: it is not a caller's and the chain cannot go on without it.
        if (!inDoubt && head.seq() > 0) {
            pending = List.of();
        }
    }

    private void probe() {
        try (var connection = connection()) {
            databaseAway = !connection.isValid(1);
        } catch (SQLException failure) {
            databaseAway = true;
        }
        if (databaseAway) {
            throw new AuditUnavailableException("The database of the audit log is away");
        }
    }

    private void compare() {
        var last = pending.get(pending.size() - 1);
        boolean ours;
        try (var connection = connection()) {
            ours = EntryTable.entry(connection, last.chain(), last.seq())
                    .filter(entry -> last.hash().equals(entry.hash()))
                    .isPresent();
        } catch (SQLException failure) {
            inDoubt = true;
            throw new AuditUnavailableException("The database's answer to an audit entry was lost", failure);
        }
        if (ours) {
            committed();
        } else {
            abandon();
        }
    }

    private void committed() {
        head = pending.get(pending.size() - 1).head();
        pending = List.of();
        inDoubt = false;
        anchorBehind = true;
        commits++;
    }

    /** Somebody else wrote at our place: this chain ends at what is ours, for verification to report, a new one begins. */
    private void abandon() {
        LOG.log(Level.ERROR, "Audit chain {0} was written by somebody else; verify the log", head.chain());
        try {
            anchor.write(SignedHead.sign(key, head, HeadState.CLOSED, clock.instant()));
        } catch (IOException failure) {
            throw new AuditUnavailableException("The anchor of the audit log cannot be written", failure);
        }
        head = null;
        pending = List.of();
        inDoubt = false;
        throw new AuditUnavailableException("The audit chain was written by somebody else");
    }

    private static void requireUtf8(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SHOW server_encoding")) {
            rows.next();
            if (!"UTF8".equals(rows.getString(1))) {
                throw new AuditUnavailableException("The database of the audit log must have the encoding UTF8");
            }
        }
    }
}

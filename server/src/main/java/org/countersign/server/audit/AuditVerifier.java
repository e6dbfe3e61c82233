package org.countersign.server.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Checks a whole log against its anchors, without stopping anything. Anchors are read first, then the table in one
 * snapshot: so a chain can be behind its anchor only when it was cut. It may be ahead, as servers go on: then the anchor
 * is read again, and the chain followed up to it, until it has caught up or the patience is over.
 *
 * <p>Memory is taken per chain, not per entry. For one verification by one thread.
 */
public final class AuditVerifier {

    private static final int REPORTED = 1000;
    private static final long BETWEEN_READS_MILLIS = 50;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Anchors anchors;
    private final long patienceNanos;
    private final Map<UUID, ChainCheck> checks = new LinkedHashMap<>();
    private final List<Finding> findings = new ArrayList<>();
    private final List<AuditReport.TakenOver> takenOver = new ArrayList<>();
    private long findingCount;
    private long entries;

    /**
     * @param folders the anchor folders of every node that ever wrote to this database
     * @param trusted keys the heads may be signed with; keep them elsewhere than the anchors
     * @param patience how long the anchors may take, together, to catch up; a few seconds
     */
    public AuditVerifier(List<Path> folders, List<AnchorPublicKey> trusted, Duration patience) {
        this.anchors = new Anchors(folders, trusted);
        this.patienceNanos = patience.toNanos();
    }

    /**
     * @param connection whose transaction this takes over and ends
     * @throws SQLException when the database cannot be read, also because somebody changed the table's shape
     * @throws IOException when a folder cannot be read
     */
    public AuditReport verify(Connection connection) throws SQLException, IOException {
        var heads = anchors.all(this::report);
        connection.setAutoCommit(false);
        connection.setReadOnly(true);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        EntryTable.all(connection, entry -> accept(entry, heads));
        connection.rollback();
        for (var missing : heads.entrySet()) {
            if (!checks.containsKey(missing.getKey())
                    && missing.getValue().head().seq() > 0) {
                report(new Finding(
                        Finding.Kind.CHAIN_MISSING,
                        missing.getKey(),
                        0,
                        "none of its " + missing.getValue().head().seq() + " entries is there"));
            }
        }
        long begun = System.nanoTime();
        for (var check : checks.values()) {
            catchUp(connection, check, begun);
            check.end();
        }
        return new AuditReport(
                checks.size(), entries, heads.size(), List.copyOf(takenOver), List.copyOf(findings), findingCount);
    }

    private void accept(ChainedEntry entry, Map<UUID, SignedHead> heads) {
        checks.computeIfAbsent(
                        entry.chain(),
                        chain -> new ChainCheck(
                                ChainHead.before(chain), Optional.ofNullable(heads.get(chain)), this::report))
                .accept(entry);
        entries++;
        if ("chain.recovered".equals(entry.type())) {
            note(entry);
        }
    }

    private void catchUp(Connection connection, ChainCheck check, long begun) throws SQLException, IOException {
        while (behind(check)) {
            var newer = anchors.of(check.head().chain());
            if (newer.filter(head -> head.head().seq() >= check.head().seq()).isPresent()) {
                EntryTable.after(
                        connection,
                        check.head().chain(),
                        check.head().seq(),
                        newer.get().head().seq(),
                        check::accept);
                connection.rollback();
                check.anchoredBy(newer.get());
                return;
            }
            newer.ifPresent(check::anchoredBy);
            if (System.nanoTime() - begun > patienceNanos || !behind(check)) {
                return;
            }
            Pause.millis(BETWEEN_READS_MILLIS);
        }
    }

    /** Whether the anchor may yet come to where the table is. */
    private static boolean behind(ChainCheck check) {
        return check.anchor()
                .map(anchor -> anchor.state() == HeadState.OPEN
                        && anchor.head().seq() < check.head().seq())
                .orElse(true);
    }

    private void note(ChainedEntry entry) {
        try {
            var details = JSON.readTree(entry.details());
            takenOver.add(new AuditReport.TakenOver(
                    UUID.fromString(details.path("chain").asText()),
                    details.path("anchoredSeq").asLong(),
                    details.path("lastSeq").asLong()));
        } catch (JsonProcessingException | RuntimeException changed) {
            // Not as the log writes it: its hash is a finding.
        }
    }

    private void report(Finding finding) {
        findingCount++;
        if (findings.size() < REPORTED) {
            findings.add(finding);
        }
    }
}

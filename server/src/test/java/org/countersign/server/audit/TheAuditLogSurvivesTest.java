package org.countersign.server.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.countersign.server.audit.Finding.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TheAuditLogSurvivesTest {

    @TempDir
    Path folder;

    private AuditRig rig;

    @BeforeEach
    void open() {
        rig = new AuditRig();
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void sixteenThreadsAtOnceAndTheyShareCommits() throws Exception {
        try (var log = rig.log(folder)) {
            inParallel(16, thread -> {
                for (int i = 0; i < 200; i++) {
                    log.append(AuditEvent.success("load.test").detail("n", thread + "-" + i));
                }
            });
            assertThat(rig.verify(folder).findings()).as("while it lives").isEmpty();
            assertThat(log.commits()).isLessThan(2000);
        }
        var report = rig.verify(folder);
        assertThat(report.findings()).isEmpty();
        assertThat(report.entries()).isEqualTo(16 * 200 + 2);
        assertThat(rig.number("SELECT count(DISTINCT details->>'n') FROM audit_entry WHERE type = 'load.test'"))
                .isEqualTo(16 * 200);
    }

    @Test
    void verificationWhileEntriesAreWritten() throws Exception {
        try (var log = rig.log(folder)) {
            var running = new AtomicBoolean(true);
            var writer = new Thread(() -> {
                while (running.get()) {
                    log.append(AuditEvent.success("load.test"));
                }
            });
            writer.start();
            for (int i = 0; i < 20; i++) {
                assertThat(rig.verify(folder).findings()).isEmpty();
            }
            running.set(false);
            writer.join();
        }
    }

    @Test
    void brokenConnectionsWithoutLosingAnAcknowledgedEntry() throws Exception {
        Set<String> acknowledged = ConcurrentHashMap.newKeySet();
        try (var log = rig.log(folder)) {
            var running = new AtomicBoolean(true);
            var breaking = new Thread(() -> {
                while (running.get()) {
                    rig.terminateConnections();
                    Pause.millis(30);
                }
            });
            breaking.start();
            inParallel(8, thread -> {
                for (int i = 0; i < 150; i++) {
                    try {
                        log.append(AuditEvent.success("load.test").detail("n", thread + "-" + i));
                        acknowledged.add(thread + "-" + i);
                    } catch (AuditUnavailableException refused) {
                        Pause.millis(20);
                    }
                }
            });
            running.set(false);
            breaking.join();
            await(log);
        }
        assertThat(acknowledged).isNotEmpty();
        assertThat(rig.verify(folder).findings()).isEmpty();
        assertThat(entries()).containsAll(acknowledged);
        assertThat(rig.number("SELECT count(*) - count(DISTINCT details->>'n') FROM audit_entry WHERE type ="
                        + " 'load.test'"))
                .as("entries written twice")
                .isZero();
    }

    @Test
    void aDatabaseThatGoesAwayAndComesBack() throws Exception {
        try (var log = rig.log(folder)) {
            log.append(AuditEvent.success("before.outage"));
            rig.refuseConnections(true);
            assertThatThrownBy(() -> log.append(AuditEvent.success("in.outage")))
                    .isInstanceOf(AuditUnavailableException.class);
            long begun = System.nanoTime();
            assertThatThrownBy(() -> log.append(AuditEvent.success("in.outage")))
                    .isInstanceOf(AuditUnavailableException.class);
            assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(1));
            assertThat(log.available()).isFalse();
            rig.refuseConnections(false);
            await(log);
            log.append(AuditEvent.success("after.outage"));
        }
        assertThat(rig.verify(folder).findings()).isEmpty();
        assertThat(rig.number("SELECT count(*) FROM audit_entry WHERE type IN ('before.outage', 'after.outage')"))
                .isEqualTo(2);
    }

    @Test
    void aRefusedEntryWithoutHarmToTheNext() {
        try (var log = rig.log(folder)) {
            rig.execute("ALTER TABLE audit_entry ADD CONSTRAINT no CHECK (seat IS NULL OR seat <> 'no')");
            assertThatThrownBy(() -> log.append(AuditEvent.success("pin.set").seat("no")))
                    .isInstanceOf(AuditUnavailableException.class)
                    .hasMessageContaining("refused");
            log.append(AuditEvent.success("pin.set").seat("yes"));
        }
        assertThat(rig.verify(folder).findings()).isEmpty();
    }

    @Test
    void anAnchorThatCannotBeWrittenForAWhile() throws Exception {
        var anchor = new FailingAnchor(AuditRig.anchor(folder));
        try (var log = rig.log(anchor)) {
            anchor.failing = true;
            assertThatThrownBy(() -> log.append(AuditEvent.success("pin.set")))
                    .isInstanceOf(AuditUnavailableException.class)
                    .hasMessageContaining("anchor");
            anchor.failing = false;
            await(log);
            log.append(AuditEvent.success("pin.set"));
        }
        assertThat(rig.verify(folder).findings()).isEmpty();
    }

    @Test
    void aCrashBetweenCommitAndAnchor() throws Exception {
        crashWithATail();
        assertThat(rig.verify(folder).findings())
                .singleElement()
                .matches(finding -> finding.kind() == Kind.BEYOND_ANCHOR && finding.seq() == 3);

        rig.log(folder).close();
        var report = rig.verify(folder);
        assertThat(report.findings()).isEmpty();
        assertThat(report.takenOver()).singleElement().matches(end -> end.anchoredSeq() == 2 && end.lastSeq() == 3);

        rig.log(folder).close();
        assertThat(rig.verify(folder).takenOver()).as("noted once").hasSize(1);
    }

    @Test
    void aCrashAfterWhichTheTailWasChanged() throws Exception {
        crashWithATail();
        rig.attack("UPDATE audit_entry SET seat = 'other' WHERE seq = 3");
        rig.log(folder).close();
        assertThat(rig.verify(folder).findings())
                .anyMatch(finding -> finding.kind() == Kind.BEYOND_ANCHOR)
                .anyMatch(finding -> finding.kind() == Kind.CHANGED);
    }

    @Test
    void aTornWriteOfTheAnchor() throws Exception {
        var anchor = AuditRig.anchor(folder);
        var log = rig.log(anchor);
        log.append(AuditEvent.success("pin.set"));
        log.append(AuditEvent.success("pin.set"));
        anchor.close();
        var chain = AnchorSlots.chains(folder).get(0);
        var slots = AnchorSlots.read(folder, chain);
        byte[] content = Files.readAllBytes(AnchorSlots.file(folder, chain));
        int newer = 1 - slots.olderSlot();
        System.arraycopy(
                "torn".repeat(20).getBytes(StandardCharsets.US_ASCII), 0, content, newer * AnchorSlots.BYTES + 90, 80);
        Files.write(AnchorSlots.file(folder, chain), content);

        rig.log(folder).close();
        var report = rig.verify(folder);
        assertThat(report.findings()).isEmpty();
        assertThat(report.takenOver()).singleElement().matches(end -> end.anchoredSeq() == 2 && end.lastSeq() == 3);
    }

    @Test
    void aSecondLogWithoutDisturbingTheFirst() {
        try (var first = rig.log(folder)) {
            first.append(AuditEvent.success("pin.set"));
            try (var second = rig.log(folder)) {
                second.append(AuditEvent.success("pin.set"));
                first.append(AuditEvent.success("pin.set"));
            }
        }
        var report = rig.verify(folder);
        assertThat(report.findings()).isEmpty();
        assertThat(report.takenOver()).isEmpty();
        assertThat(report.chains()).isEqualTo(2);
    }

    @Test
    void somebodyElseWritingIntoItsChain() throws Exception {
        try (var log = rig.log(folder)) {
            rig.execute("INSERT INTO audit_entry SELECT chain, 2, at, 'forged.entry', outcome, client, tenant, seat,"
                    + " credential, details, hash, hash FROM audit_entry");
            assertThatThrownBy(() -> log.append(AuditEvent.success("pin.set")))
                    .isInstanceOf(AuditUnavailableException.class);
            await(log);
            log.append(AuditEvent.success("pin.set"));
        }
        var report = rig.verify(folder);
        assertThat(report.chains()).isEqualTo(2);
        assertThat(report.findings()).anyMatch(finding -> finding.kind() == Kind.BEYOND_ANCHOR && finding.seq() == 2);
    }

    @Test
    void beingClosed() {
        var log = rig.log(folder);
        log.close();
        assertThatThrownBy(() -> log.append(AuditEvent.success("pin.set")))
                .isInstanceOf(AuditUnavailableException.class);
        assertThat(folder).isDirectoryNotContaining("glob:**.lock");
    }

    @Test
    void aDatabaseThatDoesNotWaitForTheDiskByDefault() {
        rig.execute("CREATE TABLE at_commit (setting text)");
        rig.execute("CREATE FUNCTION note_setting() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO at_commit"
                + " VALUES (current_setting('synchronous_commit')); RETURN NULL; END $$");
        rig.execute("CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON audit_entry DEFERRABLE INITIALLY DEFERRED"
                + " FOR EACH ROW EXECUTE FUNCTION note_setting()");
        rig.log(folder).close();
        assertThat(rig.number("SELECT count(*) FROM at_commit WHERE setting = 'on'"))
                .isEqualTo(2);
        assertThat(rig.number("SELECT count(*) FROM at_commit WHERE setting <> 'on'"))
                .isZero();
    }

    /** Entry 3 is in the database, the anchor stands at 2, and the process is gone. */
    private void crashWithATail() throws Exception {
        var files = AuditRig.anchor(folder);
        var anchor = new FailingAnchor(files);
        var log = rig.log(anchor);
        log.append(AuditEvent.success("pin.set"));
        anchor.failing = true;
        assertThatThrownBy(() -> log.append(AuditEvent.success("pin.set")))
                .isInstanceOf(AuditUnavailableException.class);
        files.close();
        log.close();
    }

    private Set<String> entries() throws Exception {
        Set<String> found = ConcurrentHashMap.newKeySet();
        try (var connection = rig.database().getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT details->>'n' FROM audit_entry WHERE type = 'load.test'")) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        return found;
    }

    private static void await(AuditLog log) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!log.available() && System.nanoTime() < end) {
            Pause.millis(20);
        }
        assertThat(log.available()).isTrue();
    }

    private interface Work {
        void of(int thread) throws Exception;
    }

    private static void inParallel(int threads, Work work) throws Exception {
        var pool = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int thread = i;
                tasks.add(() -> {
                    work.of(thread);
                    return null;
                });
            }
            for (Future<Void> done : pool.invokeAll(tasks)) {
                done.get();
            }
        } finally {
            pool.shutdown();
        }
    }

    private static final class FailingAnchor implements AuditAnchor {

        private final AuditAnchor next;
        volatile boolean failing;

        FailingAnchor(AuditAnchor next) {
            this.next = next;
        }

        @Override
        public void write(SignedHead head) throws IOException {
            if (failing) {
                throw new IOException("No space");
            }
            next.write(head);
        }

        @Override
        public List<SignedHead> unfinished() throws IOException {
            return next.unfinished();
        }

        @Override
        public void close() throws IOException {
            next.close();
        }
    }
}

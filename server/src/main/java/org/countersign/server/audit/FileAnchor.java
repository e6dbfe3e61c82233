package org.countersign.server.audit;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.countersign.server.logging.ContextLogger;

/**
 * Anchors heads in a folder: {@code CHAIN.anchor} per chain (format: {@link AnchorSlots}), {@code CHAIN.lock} while its
 * writer lives, and {@code audit-KEY.pem}, the public key, for auditors to take away.
 *
 * <p>A folder belongs to one node. Several logs of the node may share it (two versions of a context during a change-over);
 * each knows the living chains of the others by their locks. Nodes on different machines must not share one: locks over
 * network file systems do not hold.
 *
 * <p>A write is one system call into the page cache, so a killed process loses nothing. The disk is brought up to date
 * once a second and at the end. When the machine loses power, the anchor may be up to about a second behind the
 * database: the next start takes those entries over and notes them, as after a crash between commit and anchor.
 */
public final class FileAnchor implements AuditAnchor {

    private static final System.Logger LOG = ContextLogger.of(FileAnchor.class);

    private final Path folder;
    private final Map<UUID, AnchorFile> files = new ConcurrentHashMap<>();
    private final ScheduledExecutorService forcing;

    private FileAnchor(Path folder) {
        this.folder = folder;
        this.forcing = Executors.newSingleThreadScheduledExecutor(work -> {
            var thread = new Thread(work, "audit-anchor-disk");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** @param folder made when missing */
    public static FileAnchor open(Path folder, AnchorPublicKey key) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("audit-" + key.shortName() + ".pem"), key.toPem());
        var anchor = new FileAnchor(folder);
        anchor.forcing.scheduleWithFixedDelay(anchor::force, 1, 1, TimeUnit.SECONDS);
        return anchor;
    }

    @Override
    public void write(SignedHead head) throws IOException {
        var chain = head.head().chain();
        var file = file(chain);
        try {
            file.write(head);
            if (head.state() != HeadState.OPEN) {
                files.remove(chain);
                file.end();
            }
        } catch (IOException failure) {
            // The next head opens it anew.
            files.remove(chain);
            file.close();
            throw failure;
        }
    }

    @Override
    public List<SignedHead> unfinished() throws IOException {
        var found = new ArrayList<SignedHead>();
        for (UUID chain : AnchorSlots.chains(folder)) {
            var newest = AnchorSlots.read(folder, chain).unverifiedNewest();
            if (newest.isEmpty()) {
                LOG.log(Level.ERROR, "The anchor of audit chain {0} is unreadable; verify the audit log", chain);
            } else if (newest.get().state() == HeadState.OPEN && !files.containsKey(chain)) {
                var claimed = AnchorFile.claim(folder, chain);
                if (claimed.isPresent()) {
                    files.put(chain, claimed.get());
                    // Read again: only now nobody else writes it.
                    claimed.get().read().unverifiedNewest().ifPresent(found::add);
                }
            }
        }
        return found;
    }

    @Override
    public void close() throws IOException {
        forcing.shutdown();
        IOException failure = null;
        for (var file : files.values()) {
            try {
                file.close();
            } catch (IOException oneOfThem) {
                failure = oneOfThem;
            }
        }
        files.clear();
        if (failure != null) {
            throw failure;
        }
    }

    private AnchorFile file(UUID chain) throws IOException {
        var open = files.get(chain);
        if (open != null) {
            return open;
        }
        var file = AnchorFile.claim(folder, chain)
                .orElseThrow(() -> new IOException("The anchor of chain " + chain + " has another writer"));
        files.put(chain, file);
        file.read();
        return file;
    }

    private void force() {
        for (var file : files.values()) {
            try {
                file.force();
            } catch (IOException failure) {
                LOG.log(Level.WARNING, "The audit anchor cannot be brought to the disk", failure);
            }
        }
    }
}

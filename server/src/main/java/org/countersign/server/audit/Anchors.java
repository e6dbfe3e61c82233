package org.countersign.server.audit;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.countersign.server.audit.Finding.Kind;

/** The anchor folders of all nodes, as a verification reads them; files may be written meanwhile. */
final class Anchors {

    private static final int READS = 5;
    private static final long BETWEEN_READS_MILLIS = 20;

    private final List<Path> folders;
    private final List<AnchorPublicKey> keys;

    Anchors(List<Path> folders, List<AnchorPublicKey> keys) {
        this.folders = folders;
        this.keys = keys;
    }

    /** The newest valid head of every chain; files that are not wholly valid are reported. */
    Map<UUID, SignedHead> all(Consumer<Finding> findings) throws IOException {
        var heads = new HashMap<UUID, SignedHead>();
        for (Path folder : folders) {
            for (UUID chain : AnchorSlots.chains(folder)) {
                var slots = settled(folder, chain);
                if (!slots.whole(keys)) {
                    findings.accept(new Finding(
                            Kind.ANCHOR_INVALID,
                            chain,
                            0,
                            "its anchor file is damaged, of another chain, or signed by another key"));
                }
                slots.newest(keys).ifPresent(head -> heads.merge(chain, head, Anchors::newer));
            }
        }
        return heads;
    }

    /** Reads one chain's anchor again. */
    Optional<SignedHead> of(UUID chain) throws IOException {
        Optional<SignedHead> newest = Optional.empty();
        for (Path folder : folders) {
            try {
                var here = AnchorSlots.read(folder, chain).newest(keys);
                newest = newest.isPresent() && here.isPresent()
                        ? Optional.of(newer(newest.get(), here.get()))
                        : newest.or(() -> here);
            } catch (NoSuchFileException elsewhere) {
                // Another node's.
            }
        }
        return newest;
    }

    private AnchorSlots settled(Path folder, UUID chain) throws IOException {
        var slots = AnchorSlots.read(folder, chain);
        for (int read = 1; read < READS && !slots.whole(keys); read++) {
            // A head may just be going there.
            Pause.millis(BETWEEN_READS_MILLIS);
            slots = AnchorSlots.read(folder, chain);
        }
        return slots;
    }

    private static SignedHead newer(SignedHead one, SignedHead other) {
        return one.head().seq() >= other.head().seq() ? one : other;
    }
}

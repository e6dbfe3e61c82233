package org.countersign.ds.modules;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.countersign.ds.files.StoredFile;
import org.countersign.ds.releases.AgentOs;

/**
 * A module of the agent: which cards it is for and what it needs on a system.
 *
 * @param organisation whose alone it is; everyone's when empty
 * @param atrs patterns of answers to reset
 * @param libraries paths of PKCS#11 libraries by system
 * @param plugIns a file by system
 */
record CardModule(
        String id,
        Optional<UUID> organisation,
        String version,
        String description,
        List<String> atrs,
        Map<AgentOs, List<String>> libraries,
        Map<AgentOs, PlugIn> plugIns,
        Instant changedAt) {

    /** A file that an agent loads, once it has checked it. */
    record PlugIn(StoredFile file, Instant uploadedAt) {}

    CardModule {
        atrs = List.copyOf(atrs);
        libraries = Map.copyOf(libraries);
        plugIns = Map.copyOf(plugIns);
    }

    boolean isFor(Optional<UUID> viewer) {
        return organisation.isEmpty() || organisation.equals(viewer);
    }
}

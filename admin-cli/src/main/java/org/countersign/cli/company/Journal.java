package org.countersign.cli.company;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is known of one move beside what the world shows: which it is, since when, where its backup lies. Kept while the
 * move is under way, and afterwards in the folder {@code history}. Times are in milliseconds since 1970.
 *
 * @param kind {@code migrate} or {@code rollback}
 * @param from the folder of the version that ran before
 * @param began when the move began
 * @param backup the backup's folder; empty before there is one
 * @param step what was begun last; for people, the world decides
 * @param restBegan when the company last took no requests at its own place; 0 before
 * @param rested for how long, in milliseconds, as seen without a front; -1 before it is known
 * @param restored the folder of the backup whose data was brought back; empty when the data stayed
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record Journal(
        String company,
        String kind,
        String from,
        String to,
        long began,
        String backup,
        String step,
        long restBegan,
        long rested,
        String restored) {

    static final String MIGRATE = "migrate";
    static final String ROLLBACK = "rollback";

    private static final JsonMapper JSON = new JsonMapper();

    Journal {
        // A journal of before this was noted.
        restored = restored == null ? "" : restored;
    }

    static Journal begin(String company, String kind, String from, String to, long now) {
        return new Journal(company, kind, from, to, now, "", "", 0, -1, "");
    }

    /** The move of a company that is under way. */
    static Optional<Journal> underWay(Path state, String company) throws IOException {
        var file = file(state, company);
        return Files.isRegularFile(file)
                ? Optional.of(JSON.readValue(Files.readAllBytes(file), Journal.class))
                : Optional.empty();
    }

    /** The finished moves of a company, the newest first. */
    static List<Journal> history(Path state, String company) throws IOException {
        var folder = state.resolve("history");
        var all = new ArrayList<Journal>();
        if (Files.isDirectory(folder)) {
            try (var files = Files.newDirectoryStream(folder, "*.json")) {
                for (Path file : files) {
                    var journal = JSON.readValue(Files.readAllBytes(file), Journal.class);
                    if (journal.company().equals(company)) {
                        all.add(journal);
                    }
                }
            }
        }
        all.sort(java.util.Comparator.comparingLong(Journal::began).reversed());
        return all;
    }

    /** Whether this is a rollback that leads away from a version. */
    boolean isRollbackFrom(String version) {
        return kind.equals(ROLLBACK) && from.equals(version);
    }

    /**
     * The move back to where this rollback came from. It has no backup yet: what the migration before it had backed up is
     * older than what was signed meanwhile, and what a restoring rollback backed up is of another schema.
     */
    Journal takenBack(long now) {
        return begin(company, MIGRATE, to, from, now);
    }

    Journal withBackup(String folder) {
        return new Journal(company, kind, from, to, began, folder, step, restBegan, rested, restored);
    }

    Journal at(String newStep) {
        return new Journal(company, kind, from, to, began, backup, newStep, restBegan, rested, restored);
    }

    Journal restingSince(long time) {
        return new Journal(company, kind, from, to, began, backup, step, time, -1, restored);
    }

    Journal restedFor(long millis) {
        return new Journal(company, kind, from, to, began, backup, step, restBegan, millis, restored);
    }

    Journal restoredFrom(String folder) {
        return new Journal(company, kind, from, to, began, backup, step, restBegan, rested, folder);
    }

    void save(Path state) throws IOException {
        DurableFile.write(file(state, company), JSON.writeValueAsBytes(this), DurableFile.OWNER_ONLY);
    }

    /** Puts it with the finished ones. */
    void finish(Path state) throws IOException {
        save(state);
        var history = DurableFile.folder(state.resolve("history"));
        DurableFile.rename(file(state, company), history.resolve(company + "-" + began + ".json"));
    }

    private static Path file(Path state, String company) {
        return state.resolve(company + ".json");
    }
}

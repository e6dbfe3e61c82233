package org.countersign.ds.releases;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.ds.files.StoredFile;
import org.hibernate.Session;
import org.hibernate.SessionFactory;

/**
 * The versions in the database. What was read is kept for a few seconds, as every device asks; a change on another node is
 * seen then.
 */
public final class Versions {

    private static final long KEPT_NANOS = 3_000_000_000L;

    private final SessionFactory sessions;
    private final Clock clock;
    private final AtomicReference<Read> last = new AtomicReference<>();

    private record Read(Catalogue catalogue, long at) {}

    public Versions(SessionFactory sessions, Clock clock) {
        this.sessions = sessions;
        this.clock = clock;
    }

    /** A few seconds old at most. */
    Catalogue recent() {
        var read = last.get();
        if (read == null || System.nanoTime() - read.at() > KEPT_NANOS) {
            read = new Read(current(), System.nanoTime());
            last.set(read);
        }
        return read.catalogue();
    }

    /** As it is now. */
    Catalogue current() {
        return sessions.fromSession(session -> session.doReturningWork(Versions::read));
    }

    /** @throws ProtocolException {@code not_found} */
    AgentVersion require(SemanticVersion id) {
        return current().find(id).orElseThrow(Versions::notFound);
    }

    static ProtocolException notFound() {
        return new ProtocolException(OAuth2Error.NOT_FOUND, "The version was not found");
    }

    /** Adds or replaces what an operator decides; installers stay. */
    void put(AgentVersion version) {
        sessions.inTransaction(session -> {
            session.createNativeMutationQuery("insert into agent_version"
                            + " (id, recommended, mandatory, allowed, rollout_percent, changed_at)"
                            + " values (:id, :recommended, :mandatory, :allowed, :percent, :now)"
                            + " on conflict (id) do update set recommended = excluded.recommended,"
                            + " mandatory = excluded.mandatory, allowed = excluded.allowed,"
                            + " rollout_percent = excluded.rollout_percent, changed_at = excluded.changed_at")
                    .setParameter("id", version.id().toString())
                    .setParameter("recommended", version.recommended())
                    .setParameter("mandatory", version.mandatory())
                    .setParameter("allowed", version.allowed())
                    .setParameter("percent", version.rolloutPercent())
                    .setParameter("now", version.changedAt())
                    .executeUpdate();
            session.createNativeMutationQuery("delete from agent_version_uri where version = :id")
                    .setParameter("id", version.id().toString())
                    .executeUpdate();
            version.uris().forEach((os, uri) -> addUri(session, version.id(), os, uri));
        });
        last.set(null);
    }

    private static void addUri(Session session, SemanticVersion id, AgentOs os, String uri) {
        session.createNativeMutationQuery("insert into agent_version_uri (version, os, uri) values (:id, :os, :uri)")
                .setParameter("id", id.toString())
                .setParameter("os", os.name())
                .setParameter("uri", uri)
                .executeUpdate();
    }

    /** In place of the one that was there. */
    Installer putInstaller(SemanticVersion id, AgentOs os, InstallerFormat format, StoredFile file) {
        var installer = new Installer(file, format, clock.instant());
        sessions.inTransaction(session -> session.createNativeMutationQuery(
                        "insert into installer (version, os, format, sha256, size, uploaded_at)"
                                + " values (:id, :os, :format, :sha256, :size, :now)"
                                + " on conflict (version, os) do update set format = excluded.format,"
                                + " sha256 = excluded.sha256, size = excluded.size, uploaded_at = excluded.uploaded_at")
                .setParameter("id", id.toString())
                .setParameter("os", os.name())
                .setParameter("format", format.name())
                .setParameter("sha256", file.sha256())
                .setParameter("size", file.size())
                .setParameter("now", installer.uploadedAt())
                .executeUpdate());
        last.set(null);
        return installer;
    }

    private static Catalogue read(Connection connection) throws SQLException {
        var uris = new HashMap<String, Map<AgentOs, String>>();
        var installers = new HashMap<String, Map<AgentOs, Installer>>();
        var versions = new ArrayList<AgentVersion>();
        try (var statement = connection.prepareStatement("select version, os, uri from agent_version_uri");
                var row = statement.executeQuery()) {
            while (row.next()) {
                uris.computeIfAbsent(row.getString(1), id -> new EnumMap<>(AgentOs.class))
                        .put(AgentOs.valueOf(row.getString(2)), row.getString(3));
            }
        }
        try (var statement = connection.prepareStatement(
                        "select version, os, format, sha256, size, uploaded_at from installer");
                var row = statement.executeQuery()) {
            while (row.next()) {
                installers
                        .computeIfAbsent(row.getString(1), id -> new EnumMap<>(AgentOs.class))
                        .put(
                                AgentOs.valueOf(row.getString(2)),
                                new Installer(
                                        new StoredFile(row.getString(4), row.getLong(5)),
                                        InstallerFormat.valueOf(row.getString(3)),
                                        row.getTimestamp(6).toInstant()));
            }
        }
        try (var statement = connection.prepareStatement(
                        "select id, recommended, mandatory, allowed, rollout_percent, changed_at from agent_version");
                var row = statement.executeQuery()) {
            while (row.next()) {
                var id = row.getString(1);
                versions.add(new AgentVersion(
                        SemanticVersion.parse(id).orElseThrow(),
                        row.getBoolean(2),
                        row.getBoolean(3),
                        row.getBoolean(4),
                        row.getInt(5),
                        uris.getOrDefault(id, Map.of()),
                        installers.getOrDefault(id, Map.of()),
                        row.getTimestamp(6).toInstant()));
            }
        }
        return new Catalogue(versions);
    }
}

package org.countersign.ds.modules;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.ds.files.Signing;
import org.countersign.ds.files.StoredFile;
import org.countersign.ds.modules.CardModule.PlugIn;
import org.countersign.ds.releases.AgentOs;
import org.countersign.server.persistence.Database;

/**
 * The modules in the database. A map in force is a JWS of type {@code countersign-modules+jwt} with {@code modules}:
 * {@code [{id, version, description, private, atrs[], libraries: {OS: []}, plugIns: [{os, uri, size, sha256}]}]}.
 */
public final class Modules {

    /** The map's {@code typ}. */
    public static final String TYPE = "countersign-modules+jwt";

    private static final String WHAT = "modules";
    private static final JsonMapper JSON = new JsonMapper();
    private static final TypeReference<TreeMap<AgentOs, List<String>>> LIBRARIES = new TypeReference<>() {};

    private final Database database;
    private final Revisions revisions;
    private final SignedMaps signed;
    private final URI issuer;
    private final Clock clock;

    public Modules(Database database, Signing signing, URI issuer, Clock clock) {
        this.database = database;
        this.revisions = new Revisions(database.statements());
        this.signed = new SignedMaps(TYPE, "modules", signing, issuer, clock);
        this.issuer = issuer;
        this.clock = clock;
    }

    /** The map in force: an organisation's own modules, or everyone's. */
    SignedMap inForce(Optional<UUID> owner) {
        return signed.get(
                owner,
                revisions.now(WHAT),
                () -> list().stream()
                        .filter(module -> module.organisation().equals(owner))
                        .map(this::claims)
                        .toList());
    }

    private Map<String, Object> claims(CardModule module) {
        var claims = new LinkedHashMap<String, Object>();
        claims.put("id", module.id());
        claims.put("version", module.version());
        claims.put("description", module.description());
        claims.put("private", module.organisation().isPresent());
        claims.put("atrs", module.atrs());
        claims.put("libraries", new TreeMap<>(module.libraries()));
        var plugIns = new ArrayList<Map<String, Object>>();
        new TreeMap<>(module.plugIns()).forEach((os, plugIn) -> {
            var file = new LinkedHashMap<String, Object>();
            file.put("os", os.name());
            file.put("uri", issuer + "/v3_5/modules/" + module.id() + "/plug-ins/" + os);
            file.put("size", plugIn.file().size());
            file.put("sha256", plugIn.file().sha256());
            plugIns.add(file);
        });
        claims.put("plugIns", plugIns);
        return claims;
    }

    /** @throws ProtocolException {@code not_found} when there is none or it is another organisation's */
    PlugIn plugIn(String id, AgentOs os, Optional<UUID> viewer) {
        return list().stream()
                .filter(module -> module.id().equals(id) && module.isFor(viewer))
                .findFirst()
                .map(module -> module.plugIns().get(os))
                .orElseThrow(Modules::notFound);
    }

    /** @throws ProtocolException {@code not_found} */
    CardModule require(String id) {
        return list().stream()
                .filter(module -> module.id().equals(id))
                .findFirst()
                .orElseThrow(Modules::notFound);
    }

    private static ProtocolException notFound() {
        return new ProtocolException(OAuth2Error.NOT_FOUND, "The module was not found");
    }

    /** By identifier. */
    List<CardModule> list() {
        return database.sessions().fromSession(session -> session.doReturningWork(Modules::read));
    }

    private static List<CardModule> read(Connection connection) throws SQLException {
        var plugIns = new HashMap<String, Map<AgentOs, PlugIn>>();
        try (var statement = connection.prepareStatement("select module, os, sha256, size, uploaded_at from plug_in");
                var row = statement.executeQuery()) {
            while (row.next()) {
                plugIns.computeIfAbsent(row.getString(1), id -> new EnumMap<>(AgentOs.class))
                        .put(
                                AgentOs.valueOf(row.getString(2)),
                                new PlugIn(
                                        new StoredFile(row.getString(3), row.getLong(4)),
                                        row.getTimestamp(5).toInstant()));
            }
        }
        var modules = new ArrayList<CardModule>();
        try (var statement = connection.prepareStatement(
                        "select id, organisation, version, description, atrs, libraries, changed_at from module"
                                + " order by id");
                var row = statement.executeQuery()) {
            while (row.next()) {
                modules.add(new CardModule(
                        row.getString(1),
                        Optional.ofNullable(row.getObject(2, UUID.class)),
                        row.getString(3),
                        row.getString(4),
                        List.of((String[]) row.getArray(5).getArray()),
                        libraries(row.getString(6)),
                        plugIns.getOrDefault(row.getString(1), Map.of()),
                        row.getTimestamp(7).toInstant()));
            }
        }
        return modules;
    }

    /** Adds a module or replaces what is said of it; plug-ins stay. */
    void put(CardModule module) {
        database.sessions().inTransaction(session -> {
            session.doWork(connection -> {
                try (var statement = connection.prepareStatement(
                        "insert into module (id, organisation, version, description, atrs, libraries, changed_at)"
                                + " values (?, ?, ?, ?, ?, ?::jsonb, ?) on conflict (id) do update set"
                                + " organisation = excluded.organisation, version = excluded.version,"
                                + " description = excluded.description, atrs = excluded.atrs,"
                                + " libraries = excluded.libraries, changed_at = excluded.changed_at")) {
                    statement.setString(1, module.id());
                    statement.setObject(2, module.organisation().orElse(null), Types.OTHER);
                    statement.setString(3, module.version());
                    statement.setString(4, module.description());
                    statement.setArray(
                            5, connection.createArrayOf("text", module.atrs().toArray()));
                    statement.setString(6, json(module.libraries()));
                    statement.setTimestamp(7, Timestamp.from(module.changedAt()));
                    statement.executeUpdate();
                }
            });
            Revisions.changed(session, WHAT);
        });
    }

    /** In place of the one that was there. */
    PlugIn putPlugIn(String module, AgentOs os, StoredFile file) {
        var plugIn = new PlugIn(file, clock.instant());
        database.sessions().inTransaction(session -> {
            session.createNativeMutationQuery("insert into plug_in (module, os, sha256, size, uploaded_at)"
                            + " values (:module, :os, :sha256, :size, :now) on conflict (module, os) do update set"
                            + " sha256 = excluded.sha256, size = excluded.size, uploaded_at = excluded.uploaded_at")
                    .setParameter("module", module)
                    .setParameter("os", os.name())
                    .setParameter("sha256", file.sha256())
                    .setParameter("size", file.size())
                    .setParameter("now", plugIn.uploadedAt())
                    .executeUpdate();
            Revisions.changed(session, WHAT);
        });
        return plugIn;
    }

    /** With its plug-ins. @throws ProtocolException {@code not_found} */
    void remove(String id) {
        int removed = database.sessions().fromTransaction(session -> {
            int rows = session.createNativeMutationQuery("delete from module where id = :id")
                    .setParameter("id", id)
                    .executeUpdate();
            if (rows > 0) {
                Revisions.changed(session, WHAT);
            }
            return rows;
        });
        if (removed == 0) {
            throw notFound();
        }
    }

    private static Map<AgentOs, List<String>> libraries(String json) {
        try {
            return JSON.readValue(json, LIBRARIES);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("Libraries of a module are malformed", impossible);
        }
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("Libraries of a module are not JSON", impossible);
        }
    }
}

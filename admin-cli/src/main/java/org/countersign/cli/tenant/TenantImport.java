package org.countersign.cli.tenant;

import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.IntConsumer;
import org.countersign.cli.tenant.TenantFileReader.Records;
import org.countersign.cli.tenant.TenantRecord.Client;
import org.countersign.cli.tenant.TenantRecord.Configuration;
import org.countersign.cli.tenant.TenantRecord.Manifest;
import org.countersign.cli.tenant.TenantRecord.MovedCredential;
import org.countersign.cli.terminal.Refusal;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.audit.AuditUnavailableException;
import org.countersign.server.keys.FolderWrappedKeys;
import org.countersign.server.keys.OuterWrap;
import org.countersign.server.keys.SecretHash;
import org.countersign.server.oauth.Authorities;
import org.countersign.server.oauth.ClientRequest;
import org.countersign.server.vaults.HsmSettings;
import org.countersign.server.vaults.VaultChoice;
import org.countersign.signer.configuration.TenantSettings;

/**
 * Takes a tenant file into a context, in one transaction: all of it or nothing. Every row is written and every check made
 * before it is decided; a dry run ends there. Keys for a vault in a folder are written after that, in a second reading of
 * the file, and before the commit: a crash in between leaves files that no credential names, wrapped, and the next import
 * of the same file writes them over.
 */
final class TenantImport {

    private static final int VALID_SECONDS = 5;

    private static final String CLIENT = "INSERT INTO oauth_client (client_id, secret_hash, authorized_grant_types,"
            + " access_token_validity, authorities, grouped_authorities, demonstration, created_at)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (client_id) DO NOTHING";
    private static final String EARLIER = "SELECT imported_at FROM tenant_import WHERE export_id = ?";
    private static final String THIS = "INSERT INTO tenant_import (export_id, tenant, source, digest, credentials,"
            + " imported_at) VALUES (?, ?, ?, ?, ?, ?)";

    private final TenantContext context;
    private final Path file;
    private final FileKey.Unwrapping unwrapping;
    private OuterWrap outer;
    private final ImportProblems problems = new ImportProblems();
    private final Set<String> clientsAdded = new TreeSet<>();
    private final Set<String> clientsKept = new TreeSet<>();
    private int locked;
    private int expired;
    private int count;
    private int keys;
    private int seatsEntered;
    private Manifest manifest;
    private TenantSettings tenant;
    private String vault;
    private Optional<FolderWrappedKeys> folder = Optional.empty();

    TenantImport(TenantContext context, Path file, FileKey.Unwrapping unwrapping) {
        this.context = context;
        this.file = file;
        this.unwrapping = unwrapping;
    }

    /** What stands in the way; nothing was changed. */
    static final class Unfit extends RuntimeException {

        private static final long serialVersionUID = 1L;
        private final transient List<String> problems;

        Unfit(List<String> problems) {
            super("The tenant can not be imported; nothing was changed.");
            this.problems = List.copyOf(problems);
        }

        List<String> problems() {
            return problems;
        }
    }

    /**
     * Imports.
     *
     * @param expectedDigest SHA-256 that the file must have; empty when its encryption proves where it is from
     * @return what was done, or for a dry run would be
     */
    Map<String, Object> run(Optional<byte[]> expectedDigest, boolean dryRun, IntConsumer progress)
            throws IOException, SQLException {
        try (var connection = context.connect()) {
            try {
                context.requireSchema(connection);
                var digest = rows(connection, expectedDigest, progress);
                problems.throwIfAny();
                if (dryRun) {
                    connection.rollback();
                    return report(digest, true);
                }
                commit(connection, digest);
                return report(digest, false);
            } catch (SQLException | IOException | RuntimeException failure) {
                try {
                    connection.rollback();
                } catch (SQLException broken) {
                    // Then the server rolls back; why it failed matters more.
                    failure.addSuppressed(broken);
                }
                throw failure;
            }
        }
    }

    private byte[] rows(Connection connection, Optional<byte[]> expectedDigest, IntConsumer progress)
            throws IOException, SQLException {
        try (var reader = TenantFileReader.open(file, unwrapping);
                var seats = new SeatRows(connection, problems);
                var rows = new CredentialRows(connection, context, problems)) {
            var digest = reader.read(new Records(
                    read -> {
                        begin(connection, read);
                        rows.begin(read, tenant, vault, folder, outer);
                        written(() -> seats.begin(read));
                    },
                    moved -> written(() -> seats.add(moved)),
                    moved -> {
                        try {
                            written(() -> seats.holds(moved.seat()));
                            written(() -> rows.add(moved));
                        } finally {
                            wipe(moved);
                        }
                        progress.accept(reader.credentials());
                    }));
            if (expectedDigest.isPresent() && !MessageDigest.isEqual(expectedDigest.get(), digest)) {
                throw Refusal.failed("The file is not the one whose SHA-256 was given; nothing was changed.");
            }
            addClients(connection);
            record(connection, digest, reader.credentials());
            locked = rows.locked();
            expired = rows.expired();
            count = reader.credentials();
            keys = reader.keys();
            seatsEntered = seats.entered();
            return digest;
        } catch (Interrupted interrupted) {
            throw interrupted.failure;
        }
    }

    /** Writes to the database. */
    @FunctionalInterface
    private interface Writing {
        void write() throws SQLException;
    }

    private static void written(Writing writing) {
        try {
            writing.write();
        } catch (SQLException failure) {
            throw new Interrupted(failure);
        }
    }

    /** Carries an exception out of a callback. */
    private static final class Interrupted extends RuntimeException {

        private static final long serialVersionUID = 1L;
        private final SQLException failure;

        Interrupted(SQLException failure) {
            super(failure);
            this.failure = failure;
        }
    }

    private void commit(Connection connection, byte[] digest) throws IOException, SQLException {
        try (var audit = context.audit()) {
            // Before anything can be seen: a crash after this leaves an entry that has no second one.
            tell(audit, "tenant.import-begun", digest, "Nothing was changed: ");
            if (folder.isPresent()) {
                writeKeys(digest);
            }
            finish(connection);
            tell(
                    audit,
                    "tenant.imported",
                    digest,
                    "The tenant is imported, but the second entry about it is missing: ");
        }
    }

    /** A commit that was not answered may have been done; one that was refused over a connection that lives was not. */
    private void finish(Connection connection) throws SQLException {
        try {
            connection.commit();
        } catch (SQLException failure) {
            if (connection.isValid(VALID_SECONDS)) {
                throw failure;
            }
            throw Refusal.failed("Whether the tenant was imported is not known: the connection broke during the commit."
                    + " When the database answers again, look for what it did: SELECT * FROM tenant_import WHERE export_id = '"
                    + manifest.exportId()
                    + "'. With a row the tenant is imported, and the audit log lacks its second entry."
                    + " Without one nothing was changed in the database: give the same command again, which also writes"
                    + " over what it left in a folder of keys. The database said: " + failure.getMessage());
        }
    }

    private void tell(AuditLog audit, String type, byte[] digest, String otherwise) {
        try {
            audit.append(event(type, digest));
        } catch (AuditUnavailableException failure) {
            throw Refusal.failed(otherwise + "the audit log takes no entries. " + failure.getMessage());
        }
    }

    private AuditEvent event(String type, byte[] digest) {
        return AuditEvent.success(type)
                .tenant(manifest.tenant())
                .detail("exportId", manifest.exportId())
                .detail("source", manifest.context())
                .detail("sourceVersion", manifest.version())
                .detail("credentials", count)
                .detail("keys", keys)
                .detail("clients", String.join(" ", clientsAdded))
                .detail("sha256", HexFormat.of().formatHex(digest));
    }

    private void writeKeys(byte[] digest) throws IOException {
        var written = new ArrayList<UUID>();
        boolean whole = false;
        try (var reader = TenantFileReader.open(file, unwrapping)) {
            var again = reader.read(new Records(read -> {}, seat -> {}, moved -> {
                if (moved.key() != null) {
                    var id = moved.key().id();
                    written.add(id);
                    folder.orElseThrow().put(id, outer.wrap(id, moved.key().inner()));
                }
                wipe(moved);
            }));
            if (!MessageDigest.isEqual(digest, again)) {
                throw Refusal.failed("The file was changed while it was imported; nothing was changed here.");
            }
            whole = true;
        } finally {
            if (!whole) {
                written.forEach(folder.orElseThrow()::remove);
            }
        }
    }

    private void begin(Connection connection, Manifest read) {
        manifest = read;
        refuseASecondTime(connection);
        tenant = context.configuration().tenants().get(read.tenant());
        if (tenant == null) {
            throw new Unfit(List.of("The context " + context.name() + " has no tenant " + read.tenant() + ": add it to "
                    + context.configuration().common().source() + "."));
        }
        chooseVault();
        read.configurations().forEach(this::compare);
    }

    private void chooseVault() {
        vault = TenantContext.DATABASE_VAULT;
        if (tenant.newKeys() == VaultChoice.HSM) {
            var type = context.configuration().vaults().hsm().orElseThrow().type();
            vault = type.toString();
            if (type != HsmSettings.Type.HOMO && type != HsmSettings.Type.KMS) {
                throw new Unfit(List.of("The tenant's keys go into a vault of the type " + type
                        + ", into which no key can be moved: holders get there by new credentials."));
            }
            folder = context.folder(vault);
        }
        outer = context.outerWrap(vault);
    }

    private void compare(Configuration theirs) {
        var ours = context.configuration().authorizations().find(theirs.id()).map(TenantExport::described);
        if (ours.isEmpty()) {
            problems.add(
                    "The authorization configuration " + theirs.id() + " is missing; it has " + words(theirs) + ".");
        } else if (!ours.get().equals(theirs)) {
            problems.add("The authorization configuration " + theirs.id() + " differs: there " + words(theirs)
                    + ", here " + words(ours.get()) + ".");
        }
    }

    private static String words(Configuration configuration) {
        return "type " + configuration.type() + ", factors " + configuration.factors() + ", maxFailures "
                + configuration.maxFailures() + ", scal " + configuration.scal()
                + (configuration.otpDelivery() == null ? "" : ", otpDelivery " + configuration.otpDelivery());
    }

    private void addClients(Connection connection) throws SQLException {
        try (var statement = connection.prepareStatement(CLIENT)) {
            for (Client client : manifest.clients()) {
                var authorities = ClientRequest.adopted(
                        client.clientId(),
                        client.grantTypes(),
                        client.accessTokenValidity(),
                        client.authorities(),
                        manifest.tenant(),
                        problem -> problems.add("The client " + client.clientId() + ": " + problem + "."));
                if (!SecretHash.isBearable(client.secretHash())) {
                    problems.add("The client " + client.clientId() + ": its stored secret is none of this product.");
                    continue;
                }
                if (authorities.isEmpty()) {
                    continue;
                }
                statement.setString(1, client.clientId());
                statement.setString(2, client.secretHash());
                statement.setString(3, client.grantTypes());
                statement.setInt(4, client.accessTokenValidity());
                var text = authorities.get().toString();
                var ungrouped = Authorities.withoutSeatGroups(text);
                statement.setString(5, ungrouped);
                statement.setString(6, ungrouped.equals(text) ? null : text);
                statement.setBoolean(7, client.demonstration());
                statement.setTimestamp(8, Timestamp.from(context.clock().instant()));
                (statement.executeUpdate() == 1 ? clientsAdded : clientsKept).add(client.clientId());
            }
        }
    }

    private void refuseASecondTime(Connection connection) {
        try (var statement = connection.prepareStatement(EARLIER)) {
            statement.setObject(1, manifest.exportId());
            try (var rows = statement.executeQuery()) {
                if (rows.next()) {
                    throw new Unfit(List.of("This file was imported here already, at "
                            + rows.getTimestamp(1).toInstant() + "."));
                }
            }
        } catch (SQLException failure) {
            throw new Interrupted(failure);
        }
    }

    private void record(Connection connection, byte[] digest, int credentials) throws SQLException {
        try (var statement = connection.prepareStatement(THIS)) {
            statement.setObject(1, manifest.exportId());
            statement.setString(2, manifest.tenant());
            statement.setString(3, manifest.context());
            statement.setBytes(4, digest);
            statement.setInt(5, credentials);
            statement.setTimestamp(6, Timestamp.from(context.clock().instant()));
            statement.executeUpdate();
        }
    }

    private Map<String, Object> report(byte[] digest, boolean dryRun) {
        var report = new LinkedHashMap<String, Object>();
        report.put("imported", !dryRun);
        report.put("exportId", manifest.exportId().toString());
        report.put("tenant", manifest.tenant());
        report.put("source", manifest.context());
        report.put("sourceVersion", manifest.version());
        report.put("exportedAt", manifest.at());
        report.put("credentials", count);
        report.put("keys", keys);
        report.put("seatsEntered", seatsEntered);
        report.put("locked", locked);
        report.put("expired", expired);
        report.put("vault", vault);
        report.put("clientsAdded", List.copyOf(clientsAdded));
        report.put("clientsKept", List.copyOf(clientsKept));
        report.put("sha256", HexFormat.of().formatHex(digest));
        return report;
    }

    private static void wipe(MovedCredential moved) {
        for (byte[] secret :
                new byte[][] {moved.pin() == null ? null : moved.pin().key(), moved.otpSecret(), moved.activationKey()
                }) {
            if (secret != null) {
                Arrays.fill(secret, (byte) 0);
            }
        }
    }
}

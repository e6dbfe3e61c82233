package org.countersign.cli.tenant;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.IntConsumer;
import org.countersign.cli.tenant.TenantRecord.Client;
import org.countersign.cli.tenant.TenantRecord.Configuration;
import org.countersign.cli.tenant.TenantRecord.Key;
import org.countersign.cli.tenant.TenantRecord.Manifest;
import org.countersign.cli.tenant.TenantRecord.MovedCredential;
import org.countersign.cli.tenant.TenantRecord.MovedSeat;
import org.countersign.cli.tenant.TenantRecord.Pin;
import org.countersign.cli.tenant.TenantRecord.State;
import org.countersign.cli.terminal.Refusal;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.audit.AuditUnavailableException;
import org.countersign.server.keys.FactorSecrets;
import org.countersign.server.keys.KeyAlgorithm;
import org.countersign.server.keys.KeyNotOpenedException;
import org.countersign.server.oauth.Authorities;
import org.countersign.server.oauth.OAuthClient;
import org.countersign.signer.credentials.CredentialState;
import org.countersign.signer.credentials.RevocationReason;

/** Writes one tenant of a context into a file, as one snapshot of the database shows it. */
final class TenantExport {

    /** The purpose under which the signer seals OTP secrets. */
    static final String OTP_PURPOSE = "otp";

    private static final int ROWS = 200;
    private static final String TENANT_AUTHORITY = "tenantName:";
    private static final String GROUP_AUTHORITY = "groupName:";
    private static final String ADMINISTRATOR = "apiGroup:oAuthAdmin";

    private static final String CREDENTIALS =
            "SELECT c.id, c.seat, c.created_by, c.configuration_id, c.multi_signature,"
                    + " c.created_at, c.pin, c.otp_secret, c.otp_confirmed, c.otp_last_step, c.failures, c.activation_salt,"
                    + " c.activation_public, c.activation_ephemeral, c.key_id, c.vault, c.key_algorithm, c.public_key,"
                    + " c.certificates, c.state, c.revoked_at, c.revocation_reason, w.wrapped FROM credential c LEFT JOIN wrapped_key w ON w.credential_id = c.key_id"
                    + " WHERE c.tenant = ? ORDER BY c.id";
    private static final String USED_CONFIGURATIONS =
            "SELECT DISTINCT configuration_id FROM credential WHERE tenant = ? ORDER BY 1";
    private static final String CLIENTS =
            "SELECT client_id, secret_hash, authorized_grant_types, access_token_validity,"
                    + " authorities, all_authorities, grouped_authorities, demonstration FROM oauth_client"
                    + " ORDER BY client_id";
    private static final String GROUPS = "SELECT name FROM seat_group WHERE tenant = ? ORDER BY name";
    private static final String SEATS = "SELECT seat, group_name, created_at FROM seat WHERE tenant = ? ORDER BY seat";
    private static final String TOKENS =
            "SELECT count(*) FROM access_token" + " WHERE tenant = ? AND expires_at > now() AND revoked_at IS NULL";
    private static final String AUTHORIZATIONS = "SELECT count(*) FROM activation a JOIN credential c"
            + " ON c.id = a.credential_id WHERE c.tenant = ? AND a.expires_at > now() AND 0 < ANY (a.remaining)";

    private final TenantContext context;
    private final String tenant;
    private final boolean withCompanyPinKey;
    private final FactorSecrets secrets;
    private final Map<String, SoftwareVault> vaults = new HashMap<>();
    private int credentials;
    private int keys;
    private int companyPins;

    TenantExport(TenantContext context, String tenant, boolean withCompanyPinKey) {
        this.context = context;
        this.tenant = tenant;
        this.withCompanyPinKey = withCompanyPinKey;
        this.secrets = context.factorSecrets();
    }

    /**
     * Exports. The file appears when it is whole and the audit entry about it is durable.
     *
     * @param encryption in words, for the audit log
     * @param progress is told the number of credentials now and then
     * @return what was done, for the report
     */
    Map<String, Object> run(Path file, FileKey.Wrapping wrapping, String encryption, IntConsumer progress)
            throws IOException, SQLException {
        var target = file.toAbsolutePath();
        if (Files.exists(target)) {
            throw Refusal.failed(file + " exists already; name another file.");
        }
        if (!Files.isDirectory(target.getParent())) {
            throw Refusal.failed("There is no folder " + target.getParent() + ".");
        }
        try (var connection = context.connect();
                var audit = context.audit()) {
            context.requireSchema(connection);
            connection.rollback();
            connection.setReadOnly(true);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
            var unfinished = Files.createTempFile(target.getParent(), ".tenant-export-", ".tmp", ownerOnly);
            try {
                var manifest = manifest(connection);
                var digest = write(connection, unfinished, manifest, wrapping, progress);
                var report = report(connection, manifest, digest);
                connection.rollback();
                tell(audit, report, encryption);
                // Not over a file that came meanwhile: a link fails where a move would replace.
                Files.createLink(target, unfinished);
                return report;
            } catch (KeyNotOpenedException | IllegalStateException foreign) {
                throw Refusal.failed("A key or factor does not open: the master secret here is not the one of this"
                        + " context's database. (" + foreign.getMessage() + ")");
            } finally {
                Files.deleteIfExists(unfinished);
                sync(target.getParent());
            }
        }
    }

    private byte[] write(
            Connection connection, Path path, Manifest manifest, FileKey.Wrapping wrapping, IntConsumer progress)
            throws IOException, SQLException {
        try (var channel = FileChannel.open(path, StandardOpenOption.WRITE);
                var out = new BufferedOutputStream(Channels.newOutputStream(channel), FileChunk.FULL)) {
            var writer = new TenantFileWriter(out, wrapping, context.entropy());
            writer.write(new TenantRecord(manifest, null, null, null));
            try (var statement = prepared(connection, SEATS)) {
                statement.setFetchSize(ROWS);
                try (var rows = statement.executeQuery()) {
                    while (rows.next()) {
                        writer.write(new TenantRecord(null, seat(rows), null, null));
                    }
                }
            }
            try (var statement = prepared(connection, CREDENTIALS)) {
                statement.setFetchSize(ROWS);
                try (var rows = statement.executeQuery()) {
                    while (rows.next()) {
                        var moved = credential(rows);
                        writer.write(new TenantRecord(null, null, moved, null));
                        wipe(moved);
                        credentials++;
                        progress.accept(credentials);
                    }
                }
            }
            if (companyPins > 0 && !withCompanyPinKey) {
                throw Refusal.failed(
                        "Of the credentials, " + companyPins + " have a PIN from a version in which all PINs"
                                + " of a company shared one key. That key would go along, and with it and this company's database"
                                + " PINs of other tenants could be guessed. Say --with-company-pin-key if that may be.");
            }
            var digest = writer.end(credentials, keys);
            channel.force(true);
            return digest;
        }
    }

    private Manifest manifest(Connection connection) throws SQLException {
        var configurations = new ArrayList<Configuration>();
        try (var statement = prepared(connection, USED_CONFIGURATIONS);
                var rows = statement.executeQuery()) {
            while (rows.next()) {
                configurations.add(configuration(rows.getString(1)));
            }
        }
        var clients = clients(connection);
        if (!context.configuration().common().tenants().contains(tenant) && configurations.isEmpty()) {
            throw Refusal.failed(
                    "The context " + context.name() + " has no tenant " + tenant + ", and no credentials of one.");
        }
        return new Manifest(
                context.entropy().uuid(),
                tenant,
                context.name(),
                context.version(),
                context.clock().instant().toString(),
                configurations,
                clients,
                groups(connection));
    }

    private Configuration configuration(String id) {
        return context.configuration()
                .authorizations()
                .find(id)
                .map(TenantExport::described)
                .orElseThrow(() ->
                        Refusal.failed("Credentials use the authorization configuration " + id + ", which is gone from "
                                + context.configuration().common().source() + "."));
    }

    static Configuration described(org.countersign.signer.factors.AuthorizationConfiguration configuration) {
        return new Configuration(
                configuration.id(),
                configuration.type(),
                configuration.factors().stream().map(Enum::name).sorted().toList(),
                configuration.maxFailures(),
                configuration.scal(),
                configuration.asksForSentCode() ? configuration.otpDelivery().toString() : null);
    }

    private List<Client> clients(Connection connection) throws SQLException {
        var clients = new ArrayList<Client>();
        try (var statement = connection.prepareStatement(CLIENTS);
                var rows = statement.executeQuery()) {
            while (rows.next()) {
                var stored = OAuthClient.storedAuthorities(
                        rows.getString("authorities"),
                        rows.getString("all_authorities"),
                        rows.getString("grouped_authorities"));
                var authorities = Arrays.stream(
                                Authorities.withoutConnector(stored).split(","))
                        .map(String::strip)
                        .toList();
                if (authorities.contains(TENANT_AUTHORITY + tenant)) {
                    var reduced = authorities.stream()
                            .filter(authority -> !authority.equals(ADMINISTRATOR))
                            .filter(authority -> !authority.startsWith(TENANT_AUTHORITY)
                                    || authority.equals(TENANT_AUTHORITY + tenant))
                            .filter(authority ->
                                    !authority.startsWith(GROUP_AUTHORITY) || authority.endsWith("@" + tenant))
                            .toList();
                    clients.add(new Client(
                            rows.getString("client_id"),
                            rows.getString("secret_hash"),
                            rows.getString("authorized_grant_types"),
                            rows.getInt("access_token_validity"),
                            String.join(",", reduced),
                            rows.getBoolean("demonstration")));
                }
            }
        }
        return clients;
    }

    private List<String> groups(Connection connection) throws SQLException {
        try (var statement = prepared(connection, GROUPS);
                var rows = statement.executeQuery()) {
            var groups = new ArrayList<String>();
            while (rows.next()) {
                groups.add(rows.getString(1));
            }
            return groups.isEmpty() ? null : groups;
        }
    }

    private static MovedSeat seat(ResultSet row) throws SQLException {
        return new MovedSeat(
                row.getString("seat"),
                row.getString("group_name"),
                row.getTimestamp("created_at").toInstant().toString());
    }

    private MovedCredential credential(ResultSet row) throws SQLException {
        var id = row.getObject("id", UUID.class);
        var otp = row.getBytes("otp_secret");
        var salt = row.getBytes("activation_salt");
        var certificates = row.getArray("certificates");
        return new MovedCredential(
                id,
                row.getString("seat"),
                row.getString("created_by"),
                row.getString("configuration_id"),
                row.getInt("multi_signature"),
                row.getTimestamp("created_at").toInstant().toString(),
                pin(id, row.getString("pin")),
                otp == null ? null : secrets.open(id, OTP_PURPOSE, otp),
                otp == null ? null : FactorSecrets.binding(otp),
                row.getBoolean("otp_confirmed"),
                row.getLong("otp_last_step"),
                row.getInt("failures"),
                salt == null ? null : activationKey(id, salt),
                row.getBytes("activation_public"),
                key(id, row),
                certificates == null ? null : List.of((byte[][]) certificates.getArray()),
                state(row));
    }

    private static State state(ResultSet row) throws SQLException {
        var state = CredentialState.valueOf(row.getString("state"));
        if (state == CredentialState.ACTIVE) {
            return null;
        }
        var revokedAt = row.getTimestamp("revoked_at");
        var reason = row.getString("revocation_reason");
        return new State(
                state,
                revokedAt == null ? null : revokedAt.toInstant().toString(),
                reason == null ? null : RevocationReason.valueOf(reason));
    }

    private Pin pin(UUID id, String stored) {
        if (stored == null) {
            return null;
        }
        // Wiped with the record, which shares the key's bytes.
        var moved = secrets.releasePin(id, stored);
        companyPins += moved.companyWide() ? 1 : 0;
        return new Pin(moved.stored(), moved.key(), moved.companyWide());
    }

    private byte[] activationKey(UUID id, byte[] salt) {
        try (var key = secrets.activationKeyWithoutPin(id, salt)) {
            return key.bytes();
        }
    }

    private Key key(UUID id, ResultSet row) throws SQLException {
        var keyId = row.getObject("key_id", UUID.class);
        if (keyId == null) {
            return null;
        }
        keys++;
        return new Key(
                keyId,
                KeyAlgorithm.valueOf(row.getString("key_algorithm")),
                row.getBytes("public_key"),
                row.getBytes("activation_ephemeral"),
                inner(id, keyId, row));
    }

    private byte[] inner(UUID id, UUID keyId, ResultSet row) throws SQLException {
        var name = row.getString("vault");
        switch (name) {
            case "test" ->
                throw Refusal.failed(
                        "The key of credential " + id + " is in a vault of the type test: it is in the memory of"
                                + " a server only and can not be moved.");
            case "pkcs11" ->
                throw Refusal.failed("The key of credential " + id + " is in a PKCS#11 token, which no key leaves: the"
                        + " holder needs a new credential elsewhere.");
            default -> {
                var vault = vaults.computeIfAbsent(name, known -> SoftwareVault.of(context, known));
                var wrapped = vault.folder().isPresent()
                        ? vault.folder().get().get(keyId)
                        : Optional.ofNullable(row.getBytes("wrapped"));
                return vault.outer()
                        .unwrap(
                                keyId,
                                wrapped.orElseThrow(() -> Refusal.failed(
                                        "The key of credential " + id + " is missing in its vault " + name + ".")));
            }
        }
    }

    private Map<String, Object> report(Connection connection, Manifest manifest, byte[] digest) throws SQLException {
        var report = new LinkedHashMap<String, Object>();
        report.put("exportId", manifest.exportId().toString());
        report.put("tenant", tenant);
        report.put("context", context.name());
        report.put("credentials", credentials);
        report.put("keys", keys);
        report.put("clients", manifest.clients().stream().map(Client::clientId).toList());
        report.put("companyWidePins", companyPins);
        report.put("sha256", HexFormat.of().formatHex(digest));
        report.put("inUse", context.configuration().common().tenants().contains(tenant));
        report.put("tokens", count(connection, TOKENS));
        report.put("authorizations", count(connection, AUTHORIZATIONS));
        return report;
    }

    private void tell(AuditLog audit, Map<String, Object> report, String encryption) {
        var event = AuditEvent.success("tenant.exported").tenant(tenant).detail("encryptedFor", encryption);
        for (var name : List.of("exportId", "credentials", "keys", "companyWidePins", "sha256", "inUse")) {
            event = event.detail(name, report.get(name));
        }
        try {
            audit.append(event);
        } catch (AuditUnavailableException failure) {
            throw Refusal.failed("No file was made: the audit log takes no entries. " + failure.getMessage());
        }
    }

    private long count(Connection connection, String sql) throws SQLException {
        try (var statement = prepared(connection, sql);
                var rows = statement.executeQuery()) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private PreparedStatement prepared(Connection connection, String sql) throws SQLException {
        var statement = connection.prepareStatement(sql);
        statement.setString(1, tenant);
        return statement;
    }

    private static void wipe(MovedCredential moved) {
        if (moved.pin() != null) {
            Arrays.fill(moved.pin().key(), (byte) 0);
        }
        for (byte[] secret : new byte[][] {moved.otpSecret(), moved.activationKey()}) {
            if (secret != null) {
                Arrays.fill(secret, (byte) 0);
            }
        }
    }

    private static void sync(Path folder) throws IOException {
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}

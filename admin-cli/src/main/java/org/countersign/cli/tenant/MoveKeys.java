package org.countersign.cli.tenant;

import java.io.IOException;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.IntConsumer;
import org.countersign.cli.terminal.Refusal;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.audit.AuditUnavailableException;
import org.countersign.server.keys.FolderWrappedKeys;
import org.countersign.server.keys.KeyNotOpenedException;
import org.countersign.server.vaults.HsmSettings;

/**
 * Moves a tenant's keys from one software vault of its context to another, key by key, while the server runs: the outer
 * layer is wrapped anew, the holder's factors are not needed. A key's copy is where it goes, and was read back, before the
 * credential names it there, in one transaction; only then its former copy goes. Cut off anywhere, the same command goes
 * on: it finds what is not there yet, and former copies that were left.
 */
final class MoveKeys {

    private static final int ROWS = 100;
    private static final int MOST_PROBLEMS = 20;

    /** No file that is younger is taken for left behind: a key is made, or imported, before a row names it. */
    private static final Duration LEFT_BEHIND = Duration.ofDays(1);

    private static final String NAMED = "SELECT 1 FROM credential WHERE (key_id = ? AND vault = ?)"
            + " OR (new_key_id = ? AND new_vault = ?) UNION ALL SELECT 1 FROM condemned_key WHERE key_id = ?";

    /** Keys of credentials, and keys that wait beside them for a renewal. */
    private static final String KEYS = "(SELECT id, seat, key_id, vault, false AS waits FROM credential"
            + " WHERE tenant = ? AND key_id IS NOT NULL UNION ALL SELECT id, seat, new_key_id, new_vault, true"
            + " FROM credential WHERE tenant = ? AND new_key_id IS NOT NULL) k";

    private static final String COUNT = "SELECT vault, count(*) FROM " + KEYS + " GROUP BY vault ORDER BY vault";
    private static final String PAGE =
            "SELECT id, seat, key_id, vault, waits FROM " + KEYS + " WHERE key_id > ? ORDER BY key_id LIMIT " + ROWS;

    private static final String NAME = "UPDATE credential SET vault = ? WHERE id = ? AND key_id = ? AND vault = ?";
    private static final String NAME_WAITING =
            "UPDATE credential SET new_vault = ? WHERE id = ? AND new_key_id = ? AND new_vault = ?";

    private static final String GET = "SELECT wrapped FROM wrapped_key WHERE credential_id = ?";
    private static final String PUT = "INSERT INTO wrapped_key (credential_id, wrapped) VALUES (?, ?)"
            + " ON CONFLICT (credential_id) DO UPDATE SET wrapped = excluded.wrapped";
    private static final String REMOVE = "DELETE FROM wrapped_key WHERE credential_id = ?";

    private static final String LOCK =
            "SELECT pg_try_advisory_lock(hashtextextended('countersign tenant move-keys', 0))";

    private static final UUID FIRST = new UUID(0, 0);

    private final TenantContext context;
    private final String tenant;
    private final Optional<String> from;
    private final SoftwareVault target;
    private final Map<String, SoftwareVault> sources = new HashMap<>();
    private final List<String> problems = new ArrayList<>();
    private int moved;
    private int there;
    private int cleaned;
    private int stayed;

    /** @param from the vault whose keys are moved; empty for every key that is elsewhere */
    MoveKeys(TenantContext context, String tenant, Optional<String> from, String to) {
        this.context = context;
        this.tenant = tenant;
        this.from = from;
        requireMovable(to, "into");
        from.ifPresent(source -> requireMovable(source, "out of"));
        if (from.filter(to::equals).isPresent()) {
            throw new Refusal(Refusal.USAGE, "--from and --to name the same vault.");
        }
        this.target = source(to);
    }

    private record Key(UUID credential, String seat, UUID id, String vault, boolean waits) {}

    private static void requireMovable(String vault, String way) {
        switch (vault) {
            case TenantContext.DATABASE_VAULT, "homo", "kms" -> {}
            case "pkcs11" ->
                throw Refusal.failed(
                        "No key is moved " + way + " a PKCS#11 token, which no key leaves or enters: holders"
                                + " get there, or away, by re-issue (renewal): POST /api/v1/credentials/ID/renewal with newKey"
                                + " true, once the tenant's defaultWebCertificateType says where new keys go.");
            case "test" ->
                throw Refusal.failed(
                        "No key is moved " + way + " a vault of the type test: it is in the memory of a server only.");
            default ->
                throw new Refusal(
                        Refusal.USAGE,
                        "A vault is one of " + TenantContext.DATABASE_VAULT + ", homo and kms, not " + vault + ".");
        }
    }

    /**
     * Moves.
     *
     * @param progress is told the number of keys now and then
     * @return what was done, or for a dry run would be; with {@code problems}, one for each key that stays where it is
     */
    Map<String, Object> run(boolean dryRun, IntConsumer progress) throws IOException, SQLException {
        try (var connection = context.connect()) {
            requireNoOther(connection);
            requireKeys(count(connection));
            if (dryRun) {
                each(connection, false, progress, key -> rewrapped(connection, key));
                return report(connection, true);
            }
            try (var audit = context.audit()) {
                audit.append(event("tenant.keys-move-begun"));
                try {
                    each(connection, true, progress, key -> move(connection, audit, key));
                    removeLeftBehind(connection);
                } catch (RuntimeException | SQLException cutOff) {
                    audit.append(ended(AuditEvent.failure("tenant.keys-moved")));
                    throw cutOff;
                }
                audit.append(ended(AuditEvent.success("tenant.keys-moved")));
            }
            return report(connection, false);
        } catch (ProtocolException away) {
            throw Refusal.failed("The key management service gives no data key now. " + soFar());
        } catch (AuditUnavailableException failure) {
            throw Refusal.failed("The audit log takes no entries. " + soFar());
        }
    }

    private String soFar() {
        return moved + " keys are moved and stay so; the same command goes on.";
    }

    @FunctionalInterface
    private interface Step {
        /** @return whether the key is, or could be, where it is to go */
        boolean take(Key key) throws SQLException;
    }

    private void each(Connection connection, boolean cleaning, IntConsumer progress, Step step) throws SQLException {
        int seen = 0;
        for (var page = page(connection, FIRST);
                !page.isEmpty();
                page = page(connection, page.get(page.size() - 1).id())) {
            for (var key : page) {
                if (key.vault().equals(target.name())) {
                    there++;
                    if (cleaning) {
                        cleanUp(key);
                    }
                } else if (from.isEmpty() || from.get().equals(key.vault())) {
                    take(step, key);
                }
                progress.accept(++seen);
            }
        }
    }

    private void take(Step step, Key key) throws SQLException {
        try {
            if (step.take(key)) {
                moved++;
            } else {
                problem(key, "was changed meanwhile: give the command again");
            }
        } catch (KeyNotOpenedException refused) {
            problem(key, "is not moved: " + refused.getMessage());
        }
    }

    private void problem(Key key, String what) {
        stayed++;
        if (problems.size() < MOST_PROBLEMS) {
            problems.add(
                    "The key of credential " + key.credential() + " in the vault " + key.vault() + " " + what + ".");
        }
    }

    private List<Key> page(Connection connection, UUID after) throws SQLException {
        try (var statement = ofTenant(connection, PAGE)) {
            statement.setObject(3, after);
            var page = new ArrayList<Key>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    page.add(new Key(
                            rows.getObject("id", UUID.class),
                            rows.getString("seat"),
                            rows.getObject("key_id", UUID.class),
                            rows.getString("vault"),
                            rows.getBoolean("waits")));
                }
            }
            connection.rollback();
            return page;
        }
    }

    /** A former copy in a folder, from a command that was cut off after the credential named the new one. */
    private void cleanUp(Key key) {
        former().ifPresent(folder -> {
            if (folder.get(key.id()).isPresent()) {
                folder.remove(key.id());
                cleaned++;
            }
        });
    }

    /** The folder that keys may have come from. */
    private Optional<FolderWrappedKeys> former() {
        return target.folder().isPresent()
                ? Optional.empty()
                : context.configuration()
                        .vaults()
                        .hsm()
                        .filter(hsm -> hsm.type() == HsmSettings.Type.HOMO || hsm.type() == HsmSettings.Type.KMS)
                        .flatMap(hsm -> source(hsm.type().toString()).folder());
    }

    private SoftwareVault source(String vault) {
        return sources.computeIfAbsent(vault, name -> SoftwareVault.of(context, name));
    }

    private boolean rewrapped(Connection connection, Key key) throws SQLException {
        rewrap(connection, key);
        connection.rollback();
        return true;
    }

    /** The key as the target has it. */
    private byte[] rewrap(Connection connection, Key key) throws SQLException {
        var source = source(key.vault());
        var wrapped =
                source.folder().isPresent() ? source.folder().get().get(key.id()) : inDatabase(connection, key.id());
        var inner = source.outer()
                .unwrap(
                        key.id(),
                        wrapped.orElseThrow(() -> new KeyNotOpenedException(KeyNotOpenedException.Reason.ABSENT)));
        var again = target.outer().wrap(key.id(), inner);
        if (!MessageDigest.isEqual(inner, target.outer().unwrap(key.id(), again))) {
            throw new IllegalStateException("A key that was wrapped does not open");
        }
        return again;
    }

    private boolean move(Connection connection, AuditLog audit, Key key) throws SQLException {
        var wrapped = rewrap(connection, key);
        if (target.folder().isPresent()) {
            target.folder().get().put(key.id(), wrapped);
            requireThere(key, wrapped, target.folder().get().get(key.id()));
        }
        if (!name(connection, key)) {
            connection.rollback();
            // Another has, or nobody; it is not named here.
            target.folder().ifPresent(folder -> folder.remove(key.id()));
            return false;
        }
        if (target.folder().isEmpty()) {
            try (var statement = connection.prepareStatement(PUT)) {
                statement.setObject(1, key.id());
                statement.setBytes(2, wrapped);
                statement.executeUpdate();
            }
            requireThere(key, wrapped, inDatabase(connection, key.id()));
        } else if (source(key.vault()).folder().isEmpty()) {
            try (var statement = connection.prepareStatement(REMOVE)) {
                statement.setObject(1, key.id());
                statement.executeUpdate();
            }
        }
        connection.commit();
        source(key.vault()).folder().ifPresent(folder -> folder.remove(key.id()));
        audit.append(event("key.moved")
                .seat(key.seat())
                .credential(key.credential().toString())
                .detail("formerVault", key.vault()));
        return true;
    }

    /** What is there is what was wrapped, and that opened. */
    private static void requireThere(Key key, byte[] wrapped, Optional<byte[]> there) {
        if (there.isEmpty() || !MessageDigest.isEqual(wrapped, there.get())) {
            throw Refusal.failed("The copy of the key of credential " + key.credential()
                    + " reads back as another; the key stays where it is, and so do those after it.");
        }
    }

    private boolean name(Connection connection, Key key) throws SQLException {
        try (var statement = connection.prepareStatement(key.waits() ? NAME_WAITING : NAME)) {
            statement.setString(1, target.name());
            statement.setObject(2, key.credential());
            statement.setObject(3, key.id());
            statement.setString(4, key.vault());
            return statement.executeUpdate() == 1;
        }
    }

    private static Optional<byte[]> inDatabase(Connection connection, UUID key) throws SQLException {
        try (var statement = connection.prepareStatement(GET)) {
            statement.setObject(1, key);
            try (var rows = statement.executeQuery()) {
                return rows.next() ? Optional.of(rows.getBytes(1)) : Optional.empty();
            }
        }
    }

    private void requireKeys(Map<String, Long> vaults) {
        if (vaults.isEmpty() && !context.configuration().tenants().containsKey(tenant)) {
            throw Refusal.failed(
                    "The context " + context.name() + " has no tenant " + tenant + ", and no keys of one.");
        }
        if (from.isEmpty()) {
            vaults.keySet().stream()
                    .filter(vault -> !vault.equals(target.name()))
                    .forEach(vault -> requireMovable(vault, "out of"));
        }
        vaults.keySet().stream()
                .filter(vault -> from.filter(only -> !only.equals(vault)).isEmpty())
                .filter(vault -> !vault.equals(target.name()))
                .forEach(this::source);
    }

    /** Two at once would take each other's copies for left ones. Held as long as the connection. */
    private static void requireNoOther(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(LOCK)) {
            rows.next();
            if (!rows.getBoolean(1)) {
                throw Refusal.failed("Keys of this company are being moved by another command.");
            }
        }
        connection.commit();
    }

    private Map<String, Long> count(Connection connection) throws SQLException {
        try (var statement = ofTenant(connection, COUNT);
                var rows = statement.executeQuery()) {
            var vaults = new LinkedHashMap<String, Long>();
            while (rows.next()) {
                vaults.put(rows.getString(1), rows.getLong(2));
            }
            connection.rollback();
            return vaults;
        }
    }

    private PreparedStatement ofTenant(Connection connection, String sql) throws SQLException {
        var statement = connection.prepareStatement(sql);
        statement.setString(1, tenant);
        statement.setString(2, tenant);
        return statement;
    }

    private Map<String, Object> report(Connection connection, boolean dryRun) throws SQLException {
        var report = new LinkedHashMap<String, Object>();
        report.put("tenant", tenant);
        report.put("vault", target.name());
        report.put("dryRun", dryRun);
        report.put("moved", moved);
        report.put("there", there);
        report.put("formerCopiesRemoved", cleaned);
        report.put("keysNow", count(connection));
        report.put("stayed", stayed);
        report.put("problems", List.copyOf(problems));
        return report;
    }

    private AuditEvent ended(AuditEvent event) {
        return event.tenant(tenant)
                .detail("vault", target.name())
                .detail("keys", moved)
                .detail("problems", stayed);
    }

    /**
     * What a command left in a folder that was cut off before or after a credential named another copy, and whose key was
     * destroyed since. Only what opens as this company's: a folder may hold another's.
     */
    private void removeLeftBehind(Connection connection) throws SQLException {
        former();
        var names = new TreeSet<>(sources.keySet());
        for (var name : names) {
            var vault = sources.get(name);
            if (vault.folder().isEmpty()) {
                continue;
            }
            for (var id :
                    vault.folder().get().olderThan(context.clock().instant().minus(LEFT_BEHIND))) {
                if (!isNamed(connection, id, name) && isOwn(vault, id)) {
                    vault.folder().get().remove(id);
                    cleaned++;
                }
            }
        }
    }

    private static boolean isOwn(SoftwareVault vault, UUID id) {
        try {
            return vault.folder()
                    .flatMap(folder -> folder.get(id))
                    .map(wrapped -> vault.outer().unwrap(id, wrapped))
                    .isPresent();
        } catch (KeyNotOpenedException others) {
            return false;
        }
    }

    private static boolean isNamed(Connection connection, UUID key, String vault) throws SQLException {
        try (var statement = connection.prepareStatement(NAMED)) {
            statement.setObject(1, key);
            statement.setString(2, vault);
            statement.setObject(3, key);
            statement.setString(4, vault);
            statement.setObject(5, key);
            try (var rows = statement.executeQuery()) {
                boolean named = rows.next();
                connection.rollback();
                return named;
            }
        }
    }

    private AuditEvent event(String type) {
        return AuditEvent.success(type).tenant(tenant).detail("vault", target.name());
    }
}

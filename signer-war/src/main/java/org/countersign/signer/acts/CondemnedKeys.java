package org.countersign.signer.acts;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.countersign.core.oauth2.SeatName;
import org.countersign.server.persistence.Database;
import org.countersign.server.persistence.Statements;
import org.countersign.signer.factors.FactorAttempts;
import org.countersign.signer.factors.FactorAttempts.Acceptance;

/**
 * Deletes credentials, and remembers the keys that are left of them, or of a renewal, until their vault has destroyed them: the row
 * goes and the key is written down in one statement, so that no crash leaves a key that nobody knows of.
 */
public final class CondemnedKeys {

    private static final String MOST = "100";

    /** Begins a statement that writes keys down. */
    static final String NOTE = "insert into condemned_key (key_id, vault, credential_id, tenant, seat, condemned_at)";

    /** Ends one: a key may have come back with an import, and be condemned again. */
    static final String AGAIN = " on conflict (key_id) do update set vault = excluded.vault,"
            + " credential_id = excluded.credential_id, tenant = excluded.tenant, seat = excluded.seat,"
            + " condemned_at = excluded.condemned_at";

    private static final String DELETE_BY_HOLDER = deleting(FactorAttempts.ACCEPTED);
    private static final String DELETE = deleting("id = ?");
    private static final String DELETE_UNFINISHED = deleting("id = ? and certificates is null");

    /** Not one that a credential has again, such as after an import. */
    private static final String FIND =
            "select k.key_id, k.vault, k.credential_id, k.tenant, k.seat from condemned_key k"
                    + " where k.vault = ? and not exists (select 1 from credential c where c.key_id = k.key_id)"
                    + " order by k.condemned_at limit " + MOST;

    private static final String FORGET = "delete from condemned_key where key_id = ?";

    private final Statements statements;
    private final Clock clock;

    public CondemnedKeys(Database database, Clock clock) {
        this.statements = database.statements();
        this.clock = clock;
    }

    /** A key that has no credential any more, or whose credential has another. */
    record Condemned(UUID keyId, String vault, UUID credentialId, SeatName seat) {}

    private static String deleting(String condition) {
        return "with gone as (delete from credential where " + condition
                + " returning id, tenant, seat, key_id, vault, new_key_id, new_vault),"
                + " keys as (select key_id, vault, id, tenant, seat from gone"
                + " union all select new_key_id, new_vault, id, tenant, seat from gone where new_key_id is not null),"
                + " noted as (" + NOTE + " select key_id, vault, id, tenant, seat, ? from keys where key_id is not null"
                + AGAIN + ") select key_id, vault, id as credential_id, tenant, seat from keys";
    }

    /**
     * What is left of a credential that this call deleted: its key, without an identifier when it had none, and one that waited
     * beside it. Empty when the call deleted nothing.
     */
    List<Condemned> delete(Acceptance accepted) {
        return statements.all(
                DELETE_BY_HOLDER,
                statement -> bindTime(statement, accepted.bindCondition(statement, 1)),
                CondemnedKeys::read);
    }

    /** By an administrator. */
    List<Condemned> delete(UUID id) {
        return delete(DELETE, id);
    }

    /** One without a certificate. */
    List<Condemned> deleteUnfinished(UUID id) {
        return delete(DELETE_UNFINISHED, id);
    }

    private List<Condemned> delete(String sql, UUID id) {
        return statements.all(
                sql,
                statement -> {
                    statement.setObject(1, id);
                    bindTime(statement, 2);
                },
                CondemnedKeys::read);
    }

    /** The oldest of a vault. */
    List<Condemned> in(String vault) {
        return statements.all(FIND, statement -> statement.setString(1, vault), CondemnedKeys::read);
    }

    void forget(UUID keyId) {
        statements.update(FORGET, statement -> statement.setObject(1, keyId));
    }

    private void bindTime(PreparedStatement statement, int number) throws SQLException {
        statement.setObject(number, clock.instant().atOffset(ZoneOffset.UTC));
    }

    static Condemned read(ResultSet row) throws SQLException {
        return new Condemned(
                row.getObject("key_id", UUID.class),
                row.getString("vault"),
                row.getObject("credential_id", UUID.class),
                new SeatName(row.getString("seat"), row.getString("tenant")));
    }
}

package org.countersign.signer.acts;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.countersign.core.x509.CertificateChain;
import org.countersign.server.persistence.Database;
import org.countersign.signer.activation.Activations;
import org.countersign.signer.acts.CondemnedKeys.Condemned;
import org.countersign.signer.credentials.Credential;
import org.countersign.signer.credentials.KeyPair;
import org.countersign.signer.factors.FactorAttempts;
import org.countersign.signer.factors.FactorAttempts.Acceptance;
import org.hibernate.SessionFactory;

/**
 * Renewals that wait for their certificate, stored with the credential. The key pair that signs is left alone until one statement
 * puts the certificate, and the key pair that waited, in its place; a key that is given up is written down as condemned in the same
 * transaction.
 */
public final class Renewals {

    private static final String NOTHING = "renewal_at = null, new_key_id = null, new_vault = null,"
            + " new_key_algorithm = null, new_public_key = null, new_activation_ephemeral = null";

    private static final String ACCEPT = FactorAttempts.ACCEPT + " and state = 'ACTIVE'";

    private static final String ASK = "update credential set renewal_at = ?, new_key_id = ?, new_vault = ?,"
            + " new_key_algorithm = ?, new_public_key = ?, new_activation_ephemeral = ? where id = ?";

    /** What waited is seen as it was before. */
    private static final String DROP = "with dropped as (update credential set " + NOTHING + " where id = ?) "
            + CondemnedKeys.NOTE + " select new_key_id, new_vault, id, tenant, seat, ? from credential"
            + " where id = ? and new_key_id is not null" + CondemnedKeys.AGAIN
            + " returning key_id, vault, credential_id, tenant, seat";

    private static final String WITHDRAW = "with former as (select id, new_vault from credential"
            + " where id = ? and new_key_id is not distinct from ? for update)"
            + " update credential c set " + NOTHING + " from former where c.id = former.id returning former.new_vault";

    /**
     * Of a renewal that is still the one that was verified: the same key pairs, the same former certificate. The vaults are those of
     * the row as it is then: a key may be moved meanwhile.
     */
    private static final String RENEW = "with former as (select id, key_id, vault from credential"
            + " where id = ? and state = 'ACTIVE' and renewal_at is not null and key_id = ?"
            + " and new_key_id is not distinct from ? and certificates = ? for update),"
            + " renewed as (update credential c set certificates = ?, issuer = ?, subject = ?, not_after = ?,"
            + " key_id = coalesce(c.new_key_id, c.key_id), vault = coalesce(c.new_vault, c.vault),"
            + " key_algorithm = coalesce(c.new_key_algorithm, c.key_algorithm),"
            + " public_key = coalesce(c.new_public_key, c.public_key),"
            + " activation_ephemeral = coalesce(c.new_activation_ephemeral, c.activation_ephemeral), " + NOTHING
            + " from former where c.id = former.id"
            + " returning c.id, c.tenant, c.seat, c.key_id, former.key_id as former_key_id, former.vault),"
            // The former key is of no use from then on.
            + " noted as (" + CondemnedKeys.NOTE + " select former_key_id, vault, id, tenant, seat, ? from renewed"
            + " where former_key_id <> key_id" + CondemnedKeys.AGAIN + ")"
            + " select former_key_id as key_id, vault, id as credential_id, tenant, seat,"
            + " former_key_id <> key_id as condemned from renewed";

    private final SessionFactory sessions;
    private final Clock clock;

    public Renewals(Database database, Clock clock) {
        this.sessions = database.sessions();
        this.clock = clock;
    }

    /**
     * Has a renewal wait, in the place of one that waited before.
     *
     * @param newKeyPair none when the present key is to be renewed
     * @return the keys that waited before, condemned by now; empty when the factors are not accepted
     */
    Optional<List<Condemned>> ask(Acceptance accepted, Optional<KeyPair> newKeyPair) {
        var id = accepted.credential().id();
        return sessions.fromTransaction(session -> session.doReturningWork(connection -> {
            try (var statement = connection.prepareStatement(ACCEPT)) {
                accepted.bind(statement, 1);
                if (statement.executeUpdate() == 0) {
                    return Optional.empty();
                }
            }
            var displaced = drop(connection, id, clock.instant());
            try (var statement = connection.prepareStatement(ASK)) {
                statement.setObject(1, clock.instant().atOffset(ZoneOffset.UTC));
                statement.setObject(2, newKeyPair.map(KeyPair::keyId).orElse(null), Types.OTHER);
                statement.setString(3, newKeyPair.map(KeyPair::vault).orElse(null));
                statement.setString(
                        4, newKeyPair.map(made -> made.algorithm().name()).orElse(null));
                statement.setBytes(5, newKeyPair.map(KeyPair::publicKey).orElse(null));
                statement.setBytes(6, newKeyPair.map(KeyPair::ephemeral).orElse(null));
                statement.setObject(7, id);
                statement.executeUpdate();
            }
            return Optional.of(displaced);
        }));
    }

    /**
     * Has nothing wait; to be part of the transaction of what asks for it, after it changed the row.
     *
     * @return the keys that waited
     */
    static List<Condemned> drop(Connection connection, UUID id, Instant now) throws SQLException {
        try (var statement = connection.prepareStatement(DROP)) {
            statement.setObject(1, id);
            statement.setObject(2, now.atOffset(ZoneOffset.UTC));
            statement.setObject(3, id);
            var dropped = new ArrayList<Condemned>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    dropped.add(CondemnedKeys.read(rows));
                }
            }
            return dropped;
        }
    }

    /**
     * Takes back a renewal whose request was never handed out; a new key is the caller's to destroy.
     *
     * @param newKeyPair none when the present key was to be renewed
     * @return the new key pair, in the vault that it was in by then
     */
    Optional<KeyPair> withdraw(UUID id, Optional<KeyPair> newKeyPair) {
        return sessions.fromTransaction(session -> session.doReturningWork(connection -> {
            try (var statement = connection.prepareStatement(WITHDRAW)) {
                statement.setObject(1, id);
                statement.setObject(2, newKeyPair.map(KeyPair::keyId).orElse(null), Types.OTHER);
                try (var row = statement.executeQuery()) {
                    if (!row.next()) {
                        return newKeyPair;
                    }
                    var vault = row.getString("new_vault");
                    return newKeyPair.map(made -> made.in(vault));
                }
            }
        }));
    }

    /**
     * Puts the certificate, and the key pair that waited for it, in the place of the former ones.
     *
     * @param verified as it was when the chain was verified
     * @return empty when it is another by now; else the former key, condemned by now, or none when it is the present one
     */
    Optional<List<Condemned>> renew(Credential verified, CertificateChain chain) {
        return sessions.fromTransaction(session -> session.doReturningWork(connection -> {
            try (var statement = connection.prepareStatement(RENEW)) {
                bindRenewal(statement, verified, chain);
                try (var row = statement.executeQuery()) {
                    if (!row.next()) {
                        return Optional.empty();
                    }
                    if (!row.getBoolean("condemned")) {
                        return Optional.of(List.of());
                    }
                    var former = CondemnedKeys.read(row);
                    Activations.endAll(connection, verified.id());
                    return Optional.of(List.of(former));
                }
            }
        }));
    }

    private void bindRenewal(PreparedStatement statement, Credential verified, CertificateChain chain)
            throws SQLException {
        var connection = statement.getConnection();
        statement.setObject(1, verified.id());
        statement.setObject(2, verified.keyId());
        statement.setObject(3, verified.newKeyPair().map(KeyPair::keyId).orElse(null), Types.OTHER);
        statement.setArray(
                4, connection.createArrayOf("bytea", verified.certificates().toArray(byte[][]::new)));
        statement.setArray(5, connection.createArrayOf("bytea", chain.der().toArray(byte[][]::new)));
        statement.setString(6, chain.issuer());
        statement.setString(7, chain.subject());
        statement.setObject(8, chain.endEntity().getNotAfter().toInstant().atOffset(ZoneOffset.UTC));
        statement.setObject(9, clock.instant().atOffset(ZoneOffset.UTC));
    }
}

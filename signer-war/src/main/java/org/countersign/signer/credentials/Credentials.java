package org.countersign.signer.credentials;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.oauth2.SeatName;
import org.countersign.core.x509.CertificateChain;
import org.countersign.server.oauth.Caller;
import org.countersign.server.oauth.SeatGroups;
import org.countersign.server.persistence.Database;
import org.countersign.server.persistence.Statements;
import org.countersign.server.web.Page;
import org.countersign.signer.factors.AuthorizationConfiguration;
import org.countersign.signer.factors.Factor;
import org.countersign.signer.factors.FactorAttempts;
import org.hibernate.SessionFactory;
import org.hibernate.query.MutationQuery;

/** Stored credentials. What may happen once is one conditional statement that says whether this call did it. */
public final class Credentials {

    private static final String FIND = "select " + Credential.COLUMNS + " from credential c where c.id = ?";

    private static final String FIND_TO_AUTHORIZE = "select " + Credential.COLUMNS + ", " + FactorAttempts.THROTTLED
            + " as throttled from credential c where c.id = ?";

    private static final String OF_SEAT =
            "select created_at, id from credential where tenant = ? and seat = ? and certificates is not null";

    private static final String IN_ORDER = " order by created_at, id limit ?";
    private static final String PAGE = OF_SEAT + IN_ORDER;
    private static final String PAGE_AFTER = OF_SEAT + " and (created_at, id) > (?, ?)" + IN_ORDER;

    private static final String EVERY = "select " + Credential.COLUMNS + " from credential c"
            + " where c.tenant = ? and c.seat = ? order by c.created_at desc, c.id limit ? offset ?";

    /** Who guessed gets no more tries at the same code. */
    private static final String UNLOCK = "update credential set failures = " + FactorAttempts.BEGIN + ", "
            + FactorAttempts.NO_CODE + " where id = ? and failures >= ? + " + FactorAttempts.BEGIN;

    private static final String REMOVE_KEY_PAIR = "with former as (select id, vault from credential"
            + " where id = ? and key_id = ? and certificates is null for update)"
            + " update credential c set key_id = null, vault = null, key_algorithm = null, public_key = null,"
            + " activation_ephemeral = null from former where c.id = former.id returning former.vault";

    private final SessionFactory sessions;
    private final Statements statements;
    private final SeatGroups groups;

    public Credentials(Database database, SeatGroups groups) {
        this.groups = groups;
        this.sessions = database.sessions();
        this.statements = database.statements();
    }

    public void add(Credential credential) {
        sessions.inTransaction(session -> session.persist(credential));
    }

    /** Takes back one that nobody knows of. */
    void removeNew(UUID id) {
        changesOne("delete from Credential where id = :id and publicKey is null", id, query -> query);
    }

    /** @throws ProtocolException the same whether there is none, or it is another seat's */
    public Credential requireOf(SeatName seat, String credentialId) {
        return find(credentialId)
                .filter(credential -> credential.seat().equals(seat))
                .orElseThrow(Credentials::notFound);
    }

    /** A credential and whether the client that asks for it is stopped by its wrong factors. */
    public record ToAuthorize(Credential credential, boolean throttled) {}

    /** @throws ProtocolException as {@link #requireOf} */
    public ToAuthorize requireToAuthorize(SeatName seat, String credentialId, FactorAttempts.Throttle throttle) {
        return parse(credentialId)
                .flatMap(id -> statements.first(
                        FIND_TO_AUTHORIZE,
                        statement -> statement.setObject(throttle.bind(statement, 1), id),
                        row -> new ToAuthorize(Credential.read(row), row.getBoolean("throttled"))))
                .filter(found -> found.credential().seat().equals(seat))
                .orElseThrow(Credentials::notFound);
    }

    /**
     * A credential that a generator is setting up: created by itself, of a seat in its reach and, if its token names one,
     * of that seat.
     *
     * @throws ProtocolException the same whether there is none, or it is out of the caller's reach
     */
    public Credential requireCreatedBy(Caller caller, String credentialId) {
        return find(credentialId)
                .filter(credential -> credential.createdBy().equals(caller.clientId()))
                .filter(credential -> groups.reaches(caller.authorities(), credential.seat()))
                .filter(credential ->
                        caller.seat().isEmpty() || caller.seat().get().equals(credential.seat()))
                .orElseThrow(Credentials::notFound);
    }

    public Credential require(String credentialId) {
        return find(credentialId).orElseThrow(Credentials::notFound);
    }

    /** @param tenants those of the caller; none means every tenant of the context */
    public Credential requireIn(Set<String> tenants, String credentialId) {
        return find(credentialId)
                .filter(credential ->
                        tenants.isEmpty() || tenants.contains(credential.seat().tenant()))
                .orElseThrow(Credentials::notFound);
    }

    /** The identifiers of a seat's credentials that have a certificate, oldest first. */
    public List<UUID> listOf(SeatName seat) {
        return sessions.fromSession(session -> session.createSelectionQuery(
                        "select id from Credential where tenant = :tenant and seat = :seat"
                                + " and certificates is not null order by createdAt, id",
                        UUID.class)
                .setParameter("tenant", seat.tenant())
                .setParameter("seat", seat.seat())
                .list());
    }

    /** As {@link #listOf(SeatName)}, the credentials themselves. */
    public List<Credential> allOf(SeatName seat, int most) {
        return sessions.fromSession(session -> session.createSelectionQuery(
                        "from Credential where tenant = :tenant and seat = :seat"
                                + " and certificates is not null order by createdAt, id",
                        Credential.class)
                .setParameter("tenant", seat.tenant())
                .setParameter("seat", seat.seat())
                .setMaxResults(most)
                .list());
    }

    /** A page of a seat's credentials, also of those that are being set up; the newest first. */
    public List<Credential> everyOf(SeatName seat, Page page) {
        return statements.all(
                EVERY,
                statement -> {
                    statement.setString(1, seat.tenant());
                    statement.setString(2, seat.seat());
                    statement.setInt(3, page.size());
                    statement.setInt(4, page.first());
                },
                row -> Credential.read(row));
    }

    /** Where a page of a seat's credentials ends. */
    public record Position(Instant createdAt, UUID id) {}

    /**
     * As {@link #listOf(SeatName)}, a page of them.
     *
     * @param after where the page before ended
     */
    public List<Position> listOf(SeatName seat, Optional<Position> after, int most) {
        return statements.all(
                after.isPresent() ? PAGE_AFTER : PAGE,
                statement -> {
                    statement.setString(1, seat.tenant());
                    statement.setString(2, seat.seat());
                    int next = 3;
                    if (after.isPresent()) {
                        statement.setObject(next++, after.get().createdAt().atOffset(ZoneOffset.UTC));
                        statement.setObject(next++, after.get().id());
                    }
                    statement.setInt(next, most);
                },
                row -> new Position(row.getTimestamp("created_at").toInstant(), row.getObject("id", UUID.class)));
    }

    /** @return false when a PIN is set already, or the key pair is there */
    public boolean setPin(UUID id, String storedPin, byte[] activationPublic) {
        return changesOne(
                "update Credential set storedPin = :pin, activationPublic = :public"
                        + " where id = :id and storedPin is null and publicKey is null",
                id,
                query -> query.setParameter("pin", storedPin).setParameter("public", activationPublic));
    }

    /** @return false when an OTP is set already, or the key pair is there */
    public boolean setOtp(UUID id, byte[] sealedSecret) {
        return changesOne(
                "update Credential set otpSecret = :secret where id = :id and otpSecret is null and publicKey is null",
                id,
                query -> query.setParameter("secret", sealedSecret));
    }

    /** @return false when it is confirmed already, locked, or the password's step is used */
    public boolean confirmOtp(UUID id, long step, int maxFailures) {
        return changesOne(
                "update Credential set otpConfirmed = true, otpLastStep = :step, failures = 0"
                        + " where id = :id and otpConfirmed = false and otpLastStep < :step and failures < :max",
                id,
                query -> query.setParameter("step", step).setParameter("max", maxFailures));
    }

    /** @return false when there is a key pair already, or a factor of the configuration is missing */
    public boolean setKeyPair(UUID id, AuthorizationConfiguration configuration, KeyPair keyPair) {
        return changesOne(
                "update Credential set keyId = :keyId, vault = :vault, keyAlgorithm = :algorithm, publicKey = :key,"
                        + " activationEphemeral = :ephemeral where id = :id and publicKey is null"
                        + " and (:needsPin = false or storedPin is not null)"
                        + " and (:needsOtp = false or otpConfirmed = true)",
                id,
                query -> query.setParameter("keyId", keyPair.keyId())
                        .setParameter("vault", keyPair.vault())
                        .setParameter("algorithm", keyPair.algorithm())
                        .setParameter("key", keyPair.publicKey())
                        .setParameter("ephemeral", keyPair.ephemeral())
                        .setParameter("needsPin", configuration.asksFor(Factor.PIN))
                        .setParameter("needsOtp", configuration.asksForAuthenticator()));
    }

    /**
     * Takes back a key pair whose request was never handed out.
     *
     * @return the vault that the key was in by then; empty when it was not there
     */
    public Optional<String> removeKeyPair(UUID id, UUID keyId) {
        return statements.first(
                REMOVE_KEY_PAIR,
                statement -> {
                    statement.setObject(1, id);
                    statement.setObject(2, keyId);
                },
                row -> row.getString("vault"));
    }

    /** Takes back an OTP secret that was never shown. */
    public void removeOtp(UUID id, byte[] sealedSecret) {
        changesOne(
                "update Credential set otpSecret = null"
                        + " where id = :id and otpSecret = :secret and otpConfirmed = false",
                id,
                query -> query.setParameter("secret", sealedSecret));
    }

    /** @return false when there is a certificate already */
    public boolean setCertificates(UUID id, CertificateChain chain) {
        return changesOne(
                "update Credential set certificates = :certificates, issuer = :issuer, subject = :subject,"
                        + " notAfter = :notAfter"
                        + " where id = :id and publicKey is not null and certificates is null",
                id,
                query -> query.setParameter("certificates", chain.der().toArray(byte[][]::new))
                        .setParameter("issuer", chain.issuer())
                        .setParameter("subject", chain.subject())
                        .setParameter(
                                "notAfter", chain.endEntity().getNotAfter().toInstant()));
    }

    /** Takes back these, which no log knows of. */
    public void removeCertificates(UUID id, CertificateChain chain) {
        changesOne(
                "update Credential set certificates = null, issuer = null, subject = null, notAfter = null"
                        + " where id = :id and issuer = :issuer and subject = :subject and notAfter = :notAfter",
                id,
                query -> query.setParameter("issuer", chain.issuer())
                        .setParameter("subject", chain.subject())
                        .setParameter(
                                "notAfter", chain.endEntity().getNotAfter().toInstant()));
    }

    /** @return false when it was not locked */
    public boolean unlock(UUID id, int maxFailures) {
        return statements.update(UNLOCK, statement -> {
                    statement.setObject(1, id);
                    statement.setInt(2, maxFailures);
                })
                == 1;
    }

    private boolean changesOne(String statement, UUID id, java.util.function.UnaryOperator<MutationQuery> parameters) {
        return sessions.fromTransaction(session -> parameters
                        .apply(session.createMutationQuery(statement).setParameter("id", id))
                        .executeUpdate())
                == 1;
    }

    private Optional<Credential> find(String credentialId) {
        return parse(credentialId)
                .flatMap(id ->
                        statements.first(FIND, statement -> statement.setObject(1, id), row -> Credential.read(row)));
    }

    private static Optional<UUID> parse(String credentialId) {
        if (credentialId == null) {
            return Optional.empty();
        }
        try {
            // fromString is lenient about missing zeros; the canonical form alone is an identifier here.
            var id = UUID.fromString(credentialId);
            return Optional.of(id).filter(parsed -> parsed.toString().equals(credentialId));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    public static ProtocolException notFound() {
        return new ProtocolException(OAuth2Error.NOT_FOUND, "The credential was not found");
    }
}

package org.countersign.ds.devices;

import io.prometheus.metrics.core.metrics.Counter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.countersign.core.error.DsError;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.audit.AuditUnavailableException;
import org.countersign.server.limits.Windows;
import org.countersign.server.metrics.Metrics;
import org.countersign.server.persistence.Database;
import org.countersign.server.persistence.Statements;
import org.hibernate.SessionFactory;

/** Registers devices, and lets registered ones say what changed. */
public final class Registrations {

    private static final String ADD = "insert into device (thumbprint, tls_key_x, tls_key_y, version, os, architecture,"
            + " host, last_seen_at, id, organisation_id, registration_key_id, registered_at)"
            + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (id) do nothing";
    private static final String CHANGE = "update device set thumbprint = ?, tls_key_x = ?, tls_key_y = ?, version = ?,"
            + " os = ?, architecture = ?, host = ?, last_seen_at = ? where id = ? and thumbprint = ?"
            + " and blocked_at is null";
    private static final String SEEN = "update device set last_seen_at = ? where id = ? and thumbprint = ?"
            + " and (tls_key_x, tls_key_y, version, os, architecture, host) = (?, ?, ?, ?, ?, ?) and blocked_at is null";
    /** A device that was added by another call, or deleted, in between is looked up again. */
    private static final int ATTEMPTS = 3;

    private static final Duration ONCE = Duration.ofMinutes(5);
    private static final int REMEMBERED = 10_000;

    private final SessionFactory sessions;
    private final Statements statements;
    private final DeviceCalls devices;
    private final DeviceProofVerifier verifier;
    private final RegistrationKeys keys;
    private final AuditLog audit;
    private final Clock clock;
    private final Counter refusals;
    private final Windows audited;

    public Registrations(
            Database database,
            DeviceCalls devices,
            DeviceProofVerifier verifier,
            RegistrationKeys keys,
            AuditLog audit,
            Metrics metrics,
            Clock clock) {
        this.sessions = database.sessions();
        this.statements = database.statements();
        this.devices = devices;
        this.verifier = verifier;
        this.keys = keys;
        this.audit = audit;
        this.clock = clock;
        this.refusals = metrics.counter("countersign_ds_registration_refusals", "Registrations that were refused");
        this.audited = new Windows(ONCE, REMEMBERED, clock);
    }

    /**
     * A known device's call must be signed by its current key, and may bring another one; its registration key is not
     * looked at. An unknown one's must be signed by the key that it brings.
     *
     * @param registrationKey may be null
     * @return whether it is new
     */
    boolean register(DeviceProof proof, Registration registration, String registrationKey) {
        boolean used = false;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            var known = devices.find(registration.id());
            if (known.isPresent()) {
                requireCurrentKey(proof, registration, known.get());
            } else if (!proof.isBy(registration.deviceKey().thumbprint())) {
                throw new ProtocolException(DsError.DEVICE_SIGNATURE, "The device's signature is by another key");
            }
            if (!used) {
                verifier.use(proof);
                used = true;
            }
            if (known.isPresent() ? change(known.get(), registration) : add(registration, registrationKey)) {
                return known.isEmpty();
            }
        }
        throw new ProtocolException(DsError.DEVICE_CONFLICT, "The device is registered by another call right now");
    }

    private void requireCurrentKey(DeviceProof proof, Registration registration, Device known) {
        if (!proof.isBy(known.thumbprint())) {
            auditOnce(
                    registration.id().toString(),
                    AuditEvent.failure("device.registration-refused")
                            .detail("device", registration.id())
                            .detail("reason", "registered with another key"));
            throw new ProtocolException(
                    DsError.DEVICE_CONFLICT, "A device of this identifier is registered with another key");
        }
        DeviceCalls.requireNotBlocked(known);
    }

    /** @return false when another call came in between */
    private boolean add(Registration registration, String registrationKey) {
        if (registrationKey == null || registrationKey.length() > 100) {
            throw refused(registration, Optional.empty());
        }
        var outcome = sessions.fromTransaction(
                session -> session.doReturningWork(connection -> add(connection, registration, registrationKey)));
        if (outcome.isEmpty() && devices.find(registration.id()).isPresent()) {
            // The same call, a moment earlier, had the key's last use.
            return false;
        }
        if (outcome.isEmpty()) {
            throw refused(registration, keys.refuse(registrationKey));
        }
        if (!outcome.get().added()) {
            return false;
        }
        audit.append(AuditEvent.success("device.registered")
                .detail("device", registration.id())
                .detail("organisation", outcome.get().key().organisation())
                .detail("registrationKey", outcome.get().key().id())
                .detail("version", registration.version())
                .detail("os", registration.os()));
        return true;
    }

    private record Outcome(RegistrationKeys.Used key, boolean added) {}

    /** The use is counted only with the device: if it is there already, the transaction's other half is taken back. */
    private Optional<Outcome> add(Connection connection, Registration registration, String secret) throws SQLException {
        var before = connection.setSavepoint();
        var key = keys.use(connection, secret);
        if (key.isEmpty()) {
            return Optional.empty();
        }
        try (var statement = connection.prepareStatement(ADD)) {
            bind(statement, registration);
            statement.setObject(10, key.get().organisation());
            statement.setObject(11, key.get().id());
            statement.setObject(12, now());
            boolean added = statement.executeUpdate() > 0;
            if (!added) {
                connection.rollback(before);
            }
            return Optional.of(new Outcome(key.get(), added));
        }
    }

    private ProtocolException refused(Registration registration, Optional<UUID> key) {
        var event = AuditEvent.failure("device.registration-refused").detail("device", registration.id());
        auditOnce(
                key.map(UUID::toString).orElse("unknown"),
                key.isPresent() ? event.detail("registrationKey", key.get()) : event);
        return new ProtocolException(
                DsError.REGISTRATION_REFUSED, "The registration key is unknown, revoked, expired or used up");
    }

    /** Anybody may knock as often as he likes; the log keeps everything for ever. */
    private void auditOnce(String whose, AuditEvent event) {
        refusals.inc();
        if (audited.add(whose) > 1) {
            return;
        }
        try {
            audit.append(event);
        } catch (AuditUnavailableException away) {
            audited.forget(whose);
            throw away;
        }
    }

    /** @return false when another call came in between */
    private boolean change(Device known, Registration registration) {
        if (isSame(known, registration) && seen(registration)) {
            return true;
        }
        int changed = statements.update(CHANGE, statement -> {
            bind(statement, registration);
            statement.setBytes(10, known.thumbprint());
        });
        if (changed > 0) {
            audit.append(AuditEvent.success("device.changed")
                    .detail("device", known.id())
                    .detail("organisation", known.organisation())
                    .detail("newKey", !isSame(known, registration))
                    .detail("version", registration.version())
                    .detail("os", registration.os()));
        }
        return changed > 0;
    }

    private static boolean isSame(Device known, Registration registration) {
        return java.security.MessageDigest.isEqual(
                known.thumbprint(), registration.deviceKey().thumbprint());
    }

    /** Whether nothing changed: then there is nothing to write into the audit log either. */
    private boolean seen(Registration registration) {
        return statements.update(SEEN, statement -> {
                    statement.setObject(1, now());
                    statement.setObject(2, registration.id());
                    statement.setBytes(3, registration.deviceKey().thumbprint());
                    statement.setString(4, registration.tlsKey().x());
                    statement.setString(5, registration.tlsKey().y());
                    statement.setString(6, registration.version());
                    statement.setString(7, registration.os().name());
                    statement.setString(8, registration.architecture());
                    statement.setString(9, registration.host());
                })
                > 0;
    }

    private void bind(PreparedStatement statement, Registration registration) throws SQLException {
        statement.setBytes(1, registration.deviceKey().thumbprint());
        statement.setString(2, registration.tlsKey().x());
        statement.setString(3, registration.tlsKey().y());
        statement.setString(4, registration.version());
        statement.setString(5, registration.os().name());
        statement.setString(6, registration.architecture());
        statement.setString(7, registration.host());
        statement.setObject(8, now());
        statement.setObject(9, registration.id());
    }

    private OffsetDateTime now() {
        return OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC);
    }
}

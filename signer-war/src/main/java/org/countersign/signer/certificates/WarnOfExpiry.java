package org.countersign.signer.certificates;

import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import org.countersign.core.oauth2.SeatName;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.logging.ContextLogger;
import org.countersign.server.persistence.Statements;

/** Tells operators, once for each certificate and by one node, that it is about to expire. */
public final class WarnOfExpiry {

    public static final String EXPIRING = "certificate.expiring";

    private static final System.Logger LOG = ContextLogger.of(WarnOfExpiry.class);

    /** So that a node that has to tell of many stops between them when it is stopped. */
    private static final int AT_ONCE = 100;

    private static final String CLAIM =
            "update credential set expiry_warned = not_after where id in (select id from credential"
                    + " where not_after > ? and not_after <= ? and state <> 'REVOKED' and expiry_warned is distinct from not_after"
                    + " order by not_after limit " + AT_ONCE
                    + " for update skip locked) returning id, tenant, seat, not_after";

    private final Statements statements;
    private final Duration before;
    private final Clock clock;
    private final AuditLog audit;

    /** @param before the end of its validity; zero warns of none */
    public WarnOfExpiry(Statements statements, Duration before, Clock clock, AuditLog audit) {
        this.statements = statements;
        this.before = before;
        this.clock = clock;
        this.audit = audit;
    }

    private record Expiring(UUID credentialId, SeatName seat, OffsetDateTime notAfter) {}

    /** The chore. */
    public void warn() {
        if (before.isZero()) {
            return;
        }
        var now = clock.instant().atOffset(ZoneOffset.UTC);
        var expiring = statements.all(
                CLAIM,
                statement -> {
                    statement.setObject(1, now);
                    statement.setObject(2, now.plus(before));
                },
                row -> new Expiring(
                        row.getObject("id", UUID.class),
                        new SeatName(row.getString("seat"), row.getString("tenant")),
                        row.getObject("not_after", OffsetDateTime.class)));
        for (var each : expiring) {
            audit.append(AuditEvent.success(EXPIRING)
                    .tenant(each.seat().tenant())
                    .seat(each.seat().seat())
                    .credential(each.credentialId().toString())
                    .detail("notAfter", each.notAfter().toInstant()));
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The certificate of the credential {0} expires at {1}",
                    each.credentialId(),
                    each.notAfter().toInstant());
        }
    }
}

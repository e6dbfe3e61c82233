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

/** Tells operators, once for each certificate and by one node, that it is about to expire; a node that is killed just then leaves one untold. */
public final class WarnOfExpiry {

    public static final String EXPIRING = "certificate.expiring";

    private static final System.Logger LOG = ContextLogger.of(WarnOfExpiry.class);

    /** So many at once are looked for; the chore goes on while it finds as many. */
    private static final int AT_ONCE = 100;

    private static final String FIND =
            "select id, tenant, seat, not_after from credential where not_after > ? and not_after <= ?"
                    + " and state <> 'REVOKED' and expiry_warned is distinct from not_after order by not_after limit "
                    + AT_ONCE;

    /** Of many nodes one tells. */
    private static final String CLAIM = "update credential set expiry_warned = not_after where id = ? and not_after = ?"
            + " and expiry_warned is distinct from not_after";

    private static final String GIVE_BACK =
            "update credential set expiry_warned = null where id = ? and expiry_warned = ?";

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

    /** The chore. What the audit log does not take is told later, or by another node. */
    public void warn() {
        while (!before.isZero() && warnOfSome() == AT_ONCE) {
            // and of the next ones
        }
    }

    private int warnOfSome() {
        var now = clock.instant().atOffset(ZoneOffset.UTC);
        var found = statements.all(
                FIND,
                statement -> {
                    statement.setObject(1, now);
                    statement.setObject(2, now.plus(before));
                },
                row -> new Expiring(
                        row.getObject("id", UUID.class),
                        new SeatName(row.getString("seat"), row.getString("tenant")),
                        row.getObject("not_after", OffsetDateTime.class)));
        for (var each : found) {
            if (update(CLAIM, each)) {
                try {
                    tell(each);
                } catch (RuntimeException notTold) {
                    update(GIVE_BACK, each);
                    throw notTold;
                }
            }
        }
        return found.size();
    }

    private boolean update(String sql, Expiring expiring) {
        return statements.update(sql, statement -> {
                    statement.setObject(1, expiring.credentialId());
                    statement.setObject(2, expiring.notAfter());
                })
                == 1;
    }

    private void tell(Expiring expiring) {
        audit.append(AuditEvent.success(EXPIRING)
                .tenant(expiring.seat().tenant())
                .seat(expiring.seat().seat())
                .credential(expiring.credentialId().toString())
                .detail("notAfter", expiring.notAfter().toInstant()));
        LOG.log(
                System.Logger.Level.WARNING,
                "The certificate of the credential {0} expires at {1}",
                expiring.credentialId(),
                expiring.notAfter().toInstant());
    }
}

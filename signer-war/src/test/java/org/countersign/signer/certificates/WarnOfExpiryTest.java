package org.countersign.signer.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.Executors;
import org.countersign.server.audit.AuditUnavailableException;
import org.countersign.signer.EnrolledHolder;
import org.countersign.signer.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One who is enrolled, and whose certificate's end comes nearer. */
class WarnOfExpiryTest {

    private static final Duration BEFORE = Duration.ofDays(30);

    @TempDir
    Path folder;

    @Test
    void a_certificate_is_warned_of_once_and_a_renewed_one_anew() throws Exception {
        try (var postgres = new TestDatabase();
                var holder = holder(postgres)) {
            var warn = warn(holder, BEFORE);
            ends(holder, "31 days");
            warn.warn();
            assertThat(holder.audited(WarnOfExpiry.EXPIRING)).isZero();

            ends(holder, "29 days");
            warn(holder, Duration.ZERO).warn();
            assertThat(holder.audited(WarnOfExpiry.EXPIRING)).isZero();
            warn.warn();
            warn.warn();
            assertThat(holder.audited(WarnOfExpiry.EXPIRING)).isEqualTo(1);

            ends(holder, "28 days");
            warn.warn();
            assertThat(holder.audited(WarnOfExpiry.EXPIRING)).isEqualTo(2);
            ends(holder, "-1 days");
            warn.warn();
            assertThat(holder.audited(WarnOfExpiry.EXPIRING))
                    .as("expired already")
                    .isEqualTo(2);
            ends(holder, "27 days");
            holder.update("update credential set state = 'REVOKED', failures = 1000000000 where id = ?");
            warn.warn();
            assertThat(holder.audited(WarnOfExpiry.EXPIRING)).as("revoked").isEqualTo(2);
        }
    }

    @Test
    void what_the_audit_log_does_not_take_is_told_later() throws Exception {
        try (var postgres = new TestDatabase();
                var holder = holder(postgres)) {
            ends(holder, "10 days");
            holder.audit.close();

            assertThatThrownBy(warn(holder, BEFORE)::warn).isInstanceOf(AuditUnavailableException.class);

            assertThat(holder.number("select count(*) from credential where expiry_warned is null and id = ?"))
                    .isEqualTo(1);
        }
    }

    @Test
    void of_many_nodes_one_tells() throws Exception {
        try (var postgres = new TestDatabase();
                var holder = holder(postgres)) {
            var nodes = Executors.newFixedThreadPool(8);
            try {
                for (int round = 1; round <= 5; round++) {
                    ends(holder, round + " days");
                    for (var told : nodes.invokeAll(Collections.nCopies(
                            8, Executors.callable(() -> warn(holder, BEFORE).warn())))) {
                        told.get();
                    }
                    assertThat(holder.audited(WarnOfExpiry.EXPIRING)).isEqualTo(round);
                }
            } finally {
                nodes.shutdownNow();
            }
        }
    }

    private EnrolledHolder holder(TestDatabase postgres) throws IOException {
        return new EnrolledHolder(
                postgres,
                folder,
                "\"authorizationConfigurations\": [{\"id\": \"pin\", \"factors\": [\"PIN\"]}],",
                "pin");
    }

    private static WarnOfExpiry warn(EnrolledHolder holder, Duration before) {
        return new WarnOfExpiry(holder.postgres.database().statements(), before, holder.clock, holder.audit);
    }

    private static void ends(EnrolledHolder holder, String after) {
        holder.update("update credential set not_after = timestamptz '" + EnrolledHolder.NOW + "' + interval '" + after
                + "' where id = ?");
    }
}

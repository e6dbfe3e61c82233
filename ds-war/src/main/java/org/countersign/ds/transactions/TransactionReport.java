package org.countersign.ds.transactions;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.regex.Pattern;
import org.countersign.core.error.ProtocolException;
import org.countersign.ds.devices.Text;

/**
 * A use case that a device ran.
 *
 * @param label of the application, {@code sub} of its token; may be absent
 * @param module such as {@code beid}
 * @param useCase such as {@code sign}
 * @param txDate when, as RFC 3339 has it
 * @param tag of the application; may be absent
 * @param id the device's own, never used twice
 */
public record TransactionReport(String label, String module, String useCase, String txDate, String tag, String id) {

    static final int MOST = 1_000;

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_.:-]{1,64}");
    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

    /** @throws ProtocolException {@code invalid_request}; then none of them is taken */
    public static void check(List<TransactionReport> reports) {
        if (reports.size() > MOST) {
            throw ProtocolException.invalidRequest("At most " + MOST + " transactions may be sent at once");
        }
        for (var report : reports) {
            if (report == null) {
                throw ProtocolException.invalidRequest("A transaction must be a JSON object");
            }
            Text.matching("id", report.id, ID);
            Text.optional("label", report.label, 100);
            Text.required("module", report.module, 100);
            Text.required("useCase", report.useCase, 100);
            Text.optional("tag", report.tag, 200);
            report.time();
        }
    }

    Instant time() {
        try {
            var time = OffsetDateTime.parse(txDate == null ? "" : txDate).toInstant();
            if (time.isAfter(EARLIEST) && time.isBefore(LATEST)) {
                return time;
            }
        } catch (DateTimeException malformed) {
            // said below
        }
        throw ProtocolException.invalidRequest("txDate must be a time as RFC 3339 has it");
    }
}

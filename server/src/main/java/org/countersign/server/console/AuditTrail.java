package org.countersign.server.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.countersign.core.oauth2.SeatName;
import org.countersign.server.listing.Filter;
import org.countersign.server.persistence.Statements;
import org.countersign.server.web.Page;

/** The audit log, to be read. Whether it is whole is for {@code countersign audit verify} to tell. */
public final class AuditTrail {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String LIST = "select at, type, outcome, client, credential, details::text from audit_entry";
    /** Of the details, without what may have thousands of lines; what is no object, only an attacker of the table wrote. */
    private static final String LIST_OF_SEAT = "select at, type, outcome, client, credential, case when"
            + " json_typeof(details) = 'object' then (select json_object_agg(key, value)::text from json_each(details)"
            + " where key <> 'hashes') end from audit_entry";

    private final Statements statements;

    public AuditTrail(Statements statements) {
        this.statements = statements;
    }

    /**
     * An entry, as far as it is shown.
     *
     * @param client null when it was nobody
     * @param credential null when it is about none
     */
    public record Entry(
            OffsetDateTime at,
            String type,
            String outcome,
            String client,
            String credential,
            Map<String, String> details) {}

    /** What was done by a seat, or for it, the newest first; without the hashes that were signed. */
    public List<Entry> ofSeat(SeatName seat, Page page) {
        return list(LIST_OF_SEAT, new Filter().with("tenant = ?", seat.tenant()).with("seat = ?", seat.seat()), page);
    }

    /** The newest first. */
    List<Entry> list(Filter filter, Page page) {
        return list(LIST, filter, page);
    }

    private List<Entry> list(String select, Filter filter, Page page) {
        return statements.all(
                select + filter.where() + " order by at desc, chain, seq desc limit ? offset ?",
                statement -> filter.bind(statement, page),
                row -> new Entry(
                        row.getObject(1, OffsetDateTime.class),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        details(row.getString(6))));
    }

    /** @param json null where there is none */
    private static Map<String, String> details(String json) {
        if (json == null) {
            return Map.of();
        }
        try {
            return JSON.readValue(json, new TypeReference<Map<String, String>>() {});
        } catch (JsonProcessingException tampered) {
            // Only we write it, as a map of texts; an attacker of the table must not hide the other entries.
            return Map.of();
        }
    }
}

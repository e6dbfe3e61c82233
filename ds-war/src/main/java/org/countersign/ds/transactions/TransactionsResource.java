package org.countersign.ds.transactions;

import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;
import java.util.UUID;
import org.countersign.ds.devices.DevicesResource;
import org.countersign.ds.listing.Csv;
import org.countersign.server.listing.Filter;
import org.countersign.server.web.Page;

/** Transactions, for operators and the support desk. */
@Path("admin/v1/transactions")
public final class TransactionsResource {

    private static final List<String> HEADER =
            List.of("device", "id", "organisation", "label", "module", "useCase", "tag", "txDate", "receivedAt");

    private final Transactions transactions;

    public TransactionsResource(Transactions transactions) {
        this.transactions = transactions;
    }

    /** Which ones; each may be left out. */
    public static final class Query {

        @QueryParam("organisation")
        private String organisation;

        @QueryParam("device")
        private String device;

        @QueryParam("module")
        private String module;

        @QueryParam("label")
        private String label;

        @QueryParam("tag")
        private String tag;

        @QueryParam("from")
        private String from;

        @QueryParam("to")
        private String to;

        Filter filter() {
            return filterOfAllTimes()
                    .with("tx_date >= ?", Filter.time("from", from))
                    .with("tx_date < ?", Filter.time("to", to));
        }

        private Filter filterOfAllTimes() {
            return new Filter()
                    .with("organisation_id = ?", Filter.uuid("organisation", organisation))
                    .with("device_id = ?", Filter.uuid("device", device))
                    .with("module = ?", Filter.text("module", module))
                    .with("label = ?", Filter.text("label", label))
                    .with("tag = ?", Filter.text("tag", tag));
        }
    }

    /**
     * @param txDate by the device's clock
     * @param receivedAt by the server's
     */
    public record TransactionDescription(
            UUID device,
            String id,
            UUID organisation,
            String label,
            String module,
            String useCase,
            String tag,
            String txDate,
            String receivedAt) {

        static TransactionDescription of(Transactions.Stored stored) {
            return new TransactionDescription(
                    stored.device(),
                    stored.id(),
                    stored.organisation(),
                    stored.label(),
                    stored.module(),
                    stored.useCase(),
                    stored.tag(),
                    stored.txDate().toInstant().toString(),
                    stored.receivedAt().toInstant().toString());
        }
    }

    /** @param day in UTC, {@code 2026-06-01} */
    public record DayCount(String day, long count) {}

    /** The newest first. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public List<TransactionDescription> list(
            @Context SecurityContext security,
            @BeanParam Query query,
            @QueryParam("page") Integer page,
            @QueryParam("pageSize") Integer pageSize) {
        DevicesResource.requireSupport(security);
        return transactions.list(query.filter(), Page.of(page, pageSize)).stream()
                .map(TransactionDescription::of)
                .toList();
    }

    /** The same page, for a spreadsheet. */
    @GET
    @Produces(Csv.MEDIA_TYPE)
    public String csv(
            @Context SecurityContext security,
            @BeanParam Query query,
            @QueryParam("page") Integer page,
            @QueryParam("pageSize") Integer pageSize) {
        DevicesResource.requireSupport(security);
        var csv = new Csv(HEADER);
        transactions.list(query.filter(), Page.of(page, pageSize)).forEach(stored -> {
            var row = TransactionDescription.of(stored);
            csv.row(java.util.Arrays.asList(
                    row.device().toString(),
                    row.id(),
                    row.organisation().toString(),
                    row.label(),
                    row.module(),
                    row.useCase(),
                    row.tag(),
                    row.txDate(),
                    row.receivedAt()));
        });
        return csv.toString();
    }

    /** How many there were each day: of the 60 days until today when no time is asked for. */
    @GET
    @Path("days")
    @Produces(MediaType.APPLICATION_JSON)
    public List<DayCount> days(@Context SecurityContext security, @BeanParam Query query) {
        DevicesResource.requireSupport(security);
        return transactions
                .days(query.filterOfAllTimes(), Filter.time("from", query.from), Filter.time("to", query.to))
                .stream()
                .map(day -> new DayCount(day.day(), day.count()))
                .toList();
    }
}

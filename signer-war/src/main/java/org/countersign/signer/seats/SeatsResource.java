package org.countersign.signer.seats;

import static org.countersign.signer.seats.SeatAdministration.required;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.SignerError;
import org.countersign.core.oauth2.SeatName;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.oauth.Caller;
import org.countersign.server.web.Page;
import org.countersign.signer.seats.Seats.Entered;
import org.countersign.signer.seats.Seats.Wanted;

/**
 * People of a tenant (seed, "Seat"), for administrators. A client whose authorities name groups reaches those alone who
 * are in them; whoever has no group is reached by clients of the whole tenant.
 */
@Path("api/v1/seats")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class SeatsResource {

    private static final int MOST_AT_ONCE = 100;

    private final SeatAdministration administration;
    private final Seats seats;
    private final Clock clock;
    private final AuditLog audit;

    /** @param tenants of the context */
    public SeatsResource(Set<String> tenants, Seats seats, Clock clock, AuditLog audit) {
        this.administration = new SeatAdministration(tenants);
        this.seats = seats;
        this.clock = clock;
        this.audit = audit;
    }

    /**
     * People who are to be in a group.
     *
     * @param group in none when left out
     * @param seats 1 to 100, with or without the tenant at the end
     */
    public record SeatsRequest(String tenant, String group, List<String> seats) {

        public SeatsRequest {
            seats = seats == null ? List.of() : java.util.Collections.unmodifiableList(seats);
        }
    }

    /** Those who were somewhere else before. */
    public record SeatsChanged(List<String> seats) {}

    /** One person. */
    public record SeatRequest(String tenant, String seat) {}

    /** Whom to list; everything may be left out. */
    public record SeatListRequest(String tenant, String group, String seat, Integer page, Integer pageSize) {}

    /**
     * A person.
     *
     * @param group absent for who is in none
     * @param credentials in whatever state
     * @param since ISO 8601; of who was not entered, when the first credential was created
     */
    public record SeatEntry(String tenant, String seat, String group, long credentials, String since) {

        static SeatEntry of(Entered entered) {
            return new SeatEntry(
                    entered.seat().tenant(),
                    entered.seat().seat(),
                    entered.group().orElse(null),
                    entered.credentials(),
                    entered.since().toString());
        }
    }

    /** A page of people, by tenant and name. */
    public record SeatList(List<SeatEntry> seats, int page, int pageSize, long total) {}

    @POST
    @Path("list")
    public SeatList list(@Context SecurityContext security, SeatListRequest request) {
        var asked = request == null ? new SeatListRequest(null, null, null, null, null) : request;
        var tenants = administration.tenants(Caller.of(security), asked.tenant());
        var wanted = new Wanted(tenants, group(asked), seat(asked));
        var page = Page.of(asked.page(), asked.pageSize());
        return new SeatList(
                seats.list(wanted, page).stream().map(SeatEntry::of).toList(),
                page.number(),
                page.size(),
                seats.count(wanted));
    }

    /** Enters people who are not there yet. */
    @PUT
    public SeatsChanged enter(@Context SecurityContext security, SeatsRequest request) {
        var caller = Caller.of(security);
        administration.tenants(caller);
        var tenant = administration.tenant(caller, required(request).tenant());
        var names = names(request.seats(), tenant);
        var group = Optional.ofNullable(request.group()).map(name -> SeatAdministration.group(name, tenant));
        var changed = group.map(name -> seats.enter(name, names, clock.instant())
                        .orElseThrow(() -> new ProtocolException(OAuth2Error.NOT_FOUND, "The group was not found")))
                .orElseGet(() -> seats.enter(tenant, names, clock.instant()));
        // Of all: who is asked for once more because the log took no entries gets them then.
        names.forEach(seat -> {
            var event =
                    event("seat.entered", caller, new SeatName(seat, tenant)).detail("changed", changed.contains(seat));
            audit.append(group.map(name -> event.detail("group", name.group())).orElse(event));
        });
        return new SeatsChanged(changed.stream().sorted().toList());
    }

    @POST
    @Path("delete")
    public void delete(@Context SecurityContext security, SeatRequest request) {
        var caller = Caller.of(security);
        administration.tenants(caller);
        var tenant = administration.tenant(caller, required(request).tenant());
        var seat = new SeatName(
                names(request.seat() == null ? List.of() : List.of(request.seat()), tenant)
                        .iterator()
                        .next(),
                tenant);
        if (!seats.remove(seat)) {
            throw seats.isThere(seat)
                    ? new ProtocolException(SignerError.CONFLICT, "The seat has credentials; delete them first")
                    : new ProtocolException(OAuth2Error.NOT_FOUND, "The seat was not found");
        }
        audit.append(event("seat.deleted", caller, seat));
    }

    private static String group(SeatListRequest asked) {
        return asked.group() == null
                ? null
                : SeatAdministration.group(asked.group(), asked.tenant()).group();
    }

    private static String seat(SeatListRequest asked) {
        if (asked.seat() == null) {
            return null;
        }
        return asked.tenant() == null ? name(asked.seat()) : name(SeatName.withoutTenant(asked.seat(), asked.tenant()));
    }

    private static String name(String seat) {
        if (!SeatName.isSeat(seat)) {
            throw ProtocolException.invalidRequest("seat must have 1 to 128 printable characters without white space");
        }
        return seat;
    }

    private static Set<String> names(List<String> wanted, String tenant) {
        if (wanted.isEmpty() || wanted.size() > MOST_AT_ONCE) {
            throw ProtocolException.invalidRequest("seats must be 1 to " + MOST_AT_ONCE);
        }
        var names = new TreeSet<String>();
        for (String seat : wanted) {
            names.add(name(seat == null ? "" : SeatName.withoutTenant(seat, tenant)));
        }
        return names;
    }

    private static AuditEvent event(String type, Caller caller, SeatName seat) {
        return AuditEvent.success(type)
                .client(caller.clientId())
                .tenant(seat.tenant())
                .seat(seat.seat());
    }
}

package org.countersign.server.health;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.countersign.server.tenancy.ContextName;
import org.countersign.server.tenancy.Drain;
import org.countersign.server.time.ClockStatus;
import org.countersign.server.web.OpenToAll;

/**
 * Whether this context lives, and whether it is ready for requests. Shows states, no details. The clock's is shown, and
 * decides nothing: a context goes on with the last offset while its NTP server is away.
 */
@Path("health")
@OpenToAll
@Produces(MediaType.APPLICATION_JSON)
public final class HealthResource {

    private static final String UP = "UP";
    private static final String DOWN = "DOWN";

    private final ContextName context;
    private final String version;
    private final Drain drain;
    private final Readiness readiness;
    private final Supplier<ClockStatus> clock;

    public HealthResource(
            ContextName context, String version, Drain drain, Readiness readiness, Supplier<ClockStatus> clock) {
        this.context = context;
        this.version = version;
        this.drain = drain;
        this.readiness = readiness;
        this.clock = clock;
    }

    /**
     * Status and checks are as MicroProfile Health words them.
     *
     * @param clock one of {@link ClockStatus.State}
     * @param context which deployment answers: during a move a company has two
     * @param inFlight requests under way, health's own not counted
     */
    public record Health(
            String status, Map<String, String> checks, String clock, String context, String version, int inFlight) {}

    @GET
    @Path("live")
    public Health live() {
        return health(UP, Map.of(), null);
    }

    @GET
    @Path("ready")
    public Response ready() {
        var states = new LinkedHashMap<String, String>();
        // Asked for directly: a round of checks may be older than the flag, or not know it in time.
        states.put("requests", drain.takesRequests() ? UP : DOWN);
        readiness.states().forEach((name, well) -> states.put(name, well ? UP : DOWN));
        boolean ready = !states.containsValue(DOWN);
        return Response.status(ready ? 200 : 503)
                .entity(health(ready ? UP : DOWN, states, clock.get().state().name()))
                .build();
    }

    /**
     * The same at as many addresses as anybody likes, for those who ask while something else may stand in this context's place:
     * a server that remembers where it led an address knows nothing of a new one.
     */
    @GET
    @Path("ready/{unheard}")
    public Response readyAtAnyAddress(@PathParam("unheard") String unheard) {
        return ready();
    }

    private Health health(String status, Map<String, String> states, String time) {
        return new Health(status, states, time, context.deployed(), version, drain.inFlight());
    }
}

package org.countersign.server.health;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.countersign.server.web.OpenToAll;

/** Whether this context lives, and whether it is ready for requests. Shows states, no details. */
@Path("health")
@OpenToAll
@Produces(MediaType.APPLICATION_JSON)
public final class HealthResource {

    private static final String UP = "UP";
    private static final String DOWN = "DOWN";

    private final Map<String, BooleanSupplier> checks;

    /** @param checks what readiness depends on, by name */
    public HealthResource(Map<String, BooleanSupplier> checks) {
        this.checks = new LinkedHashMap<>(checks);
    }

    /** As MicroProfile Health words it. */
    public record Health(String status, Map<String, String> checks) {}

    @GET
    @Path("live")
    public Health live() {
        return new Health(UP, Map.of());
    }

    @GET
    @Path("ready")
    public Response ready() {
        var states = new LinkedHashMap<String, String>();
        checks.forEach((name, check) -> states.put(name, check.getAsBoolean() ? UP : DOWN));
        boolean ready = !states.containsValue(DOWN);
        return Response.status(ready ? 200 : 503)
                .entity(new Health(ready ? UP : DOWN, states))
                .build();
    }
}

package org.countersign.server.metrics;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.BearerAuthentication;
import org.countersign.server.oauth.Peer;
import org.countersign.server.web.OpenToAll;

/**
 * The figures, for a monitoring system (Prometheus' text form 0.0.4). They tell how much is signed and what fails, so they
 * are for allowed addresses, and for whoever has an administrator's token. Needs no database for the former.
 */
@Path("metrics")
@OpenToAll
@Produces(MediaType.TEXT_PLAIN)
public final class MetricsResource {

    private final Metrics metrics;
    private final MetricsSettings settings;
    private final BearerAuthentication authentication;

    public MetricsResource(Metrics metrics, MetricsSettings settings, BearerAuthentication authentication) {
        this.metrics = metrics;
        this.settings = settings;
        this.authentication = authentication;
    }

    @GET
    public Response metrics(
            @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization, @Context HttpServletRequest request) {
        if (!isAllowed(request)) {
            authentication.authenticate(authorization, request).require(ApiGroup.OAUTH_ADMIN);
        }
        return Response.ok(metrics.text()).type(Metrics.TEXT).build();
    }

    /** What a proxy passed on is from elsewhere; so is what reached this machine's loopback under another name. */
    private boolean isAllowed(HttpServletRequest request) {
        var address = request.getRemoteAddr();
        return Peer.isDirect(request)
                && settings.readers().stream().anyMatch(range -> range.contains(address))
                && (!Peer.isLoopback(address) || Peer.of(request).isLoopback());
    }
}

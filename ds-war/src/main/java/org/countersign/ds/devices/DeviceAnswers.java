package org.countersign.ds.devices;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.ext.Provider;
import java.time.Clock;

/**
 * Tells devices the server's time with every answer, {@code X-Server-Time} as RFC 3339 has it, so that
 * one with a wrong clock can sign its next call by the right one.
 */
@Provider
public final class DeviceAnswers implements ContainerResponseFilter {

    static final String TIME = "X-Server-Time";

    private static final int UNAUTHORIZED = 401;

    private final Clock clock;

    public DeviceAnswers(Clock clock) {
        this.clock = clock;
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        var path = request.getUriInfo().getPath();
        if (!path.startsWith("/v3/devices/") && !path.startsWith("v3/devices/")) {
            return;
        }
        response.getHeaders().putSingle(TIME, clock.instant().toString());
        if (response.getStatus() == UNAUTHORIZED) {
            // RFC 9110 §15.5.2
            response.getHeaders().putSingle(HttpHeaders.WWW_AUTHENTICATE, DeviceProofVerifier.HEADER);
        }
    }
}

package org.countersign.server.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.DynamicFeature;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.FeatureContext;
import jakarta.ws.rs.ext.Provider;
import java.util.Set;
import org.countersign.server.web.ExceptionAnswers;

/**
 * Counts requests and times them: by method, route and status, where a route is the template a resource declares, such as
 * {@code /api/v1/credentials/{credentialId}/pin}. Whatever finds no resource is of the route {@code none}. Refusals are
 * counted by their error code as well. The time ends when the answer begins to be written.
 */
@Provider
@PreMatching
@Priority(RequestMetrics.FIRST)
public final class RequestMetrics implements ContainerRequestFilter, ContainerResponseFilter, DynamicFeature {

    static final int FIRST = 0;

    private static final String BEGAN = RequestMetrics.class.getName() + ".began";
    private static final String ROUTE = RequestMetrics.class.getName() + ".route";
    private static final String NO_ROUTE = "none";
    private static final double NANOS = 1e-9;
    /** In seconds: from a token looked up to a large key made. */
    private static final double[] LIMITS = {.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10};

    private static final String OTHER = "other";
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH");

    private final Counter requests;
    private final Histogram seconds;
    private final Counter failures;

    public RequestMetrics(Metrics metrics) {
        requests = metrics.counter("countersign_requests", "Requests answered", "method", "route", "status");
        seconds = metrics.durations(
                "countersign_request_seconds", "Time to the beginning of the answer", LIMITS, "method", "route");
        failures = metrics.counter("countersign_failures", "Requests refused, by error code", "route", "error");
    }

    /** Called once for each resource method, when the application starts. */
    @Override
    public void configure(ResourceInfo resource, FeatureContext context) {
        var path = new StringBuilder();
        append(path, resource.getResourceClass().getAnnotation(Path.class));
        append(path, resource.getResourceMethod().getAnnotation(Path.class));
        context.register(new Route(path.toString()), FIRST);
    }

    private static void append(StringBuilder route, Path path) {
        if (path != null && !path.value().isEmpty()) {
            route.append('/').append(path.value().replaceAll("^/|/$", ""));
        }
    }

    @Override
    public void filter(ContainerRequestContext request) {
        request.setProperty(BEGAN, System.nanoTime());
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        var method = METHODS.contains(request.getMethod()) ? request.getMethod() : OTHER;
        var route = request.getProperty(ROUTE) instanceof String known ? known : NO_ROUTE;
        requests.labelValues(method, route, Integer.toString(response.getStatus()))
                .inc();
        if (request.getProperty(BEGAN) instanceof Long began) {
            seconds.labelValues(method, route).observe((System.nanoTime() - began) * NANOS);
        }
        if (request.getProperty(ExceptionAnswers.REFUSED) instanceof String error) {
            failures.labelValues(route, error).inc();
        }
    }

    /** Notes the template of the resource method that it was made for. */
    private record Route(String template) implements ContainerRequestFilter {

        @Override
        public void filter(ContainerRequestContext request) {
            request.setProperty(ROUTE, template);
        }
    }
}

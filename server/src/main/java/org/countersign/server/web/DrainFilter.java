package org.countersign.server.web;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.countersign.server.tenancy.Drain;

/**
 * Counts the requests of a context, and refuses new ones while it comes to rest, before anything else has seen them: who
 * gets this 503 may send the very same request again. Who watches the context is answered all the same. As it sees every
 * request first, it also tells {@link CurrentRequest}.
 */
public final class DrainFilter implements Filter {

    private static final String ANSWER = "{\"error\":\"temporarily_unavailable\","
            + "\"error_description\":\"The service is being moved to another version\"}";
    private static final String RETRY_SECONDS = "2";

    private final Drain drain;
    private final String health;
    private final String metrics;

    /** @param contextPath as the servlet container has it, {@code /signer-acme} */
    public DrainFilter(Drain drain, String contextPath) {
        this.drain = drain;
        this.health = contextPath + "/health/";
        this.metrics = contextPath + "/metrics";
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        var http = (HttpServletRequest) request;
        CurrentRequest.set(http);
        try {
            var path = http.getRequestURI();
            if (path.startsWith(health) || path.equals(metrics)) {
                chain.doFilter(request, response);
            } else if (drain.enter()) {
                try {
                    chain.doFilter(request, response);
                } finally {
                    drain.leave();
                }
            } else {
                refuse((HttpServletResponse) response);
            }
        } finally {
            CurrentRequest.clear();
        }
    }

    private static void refuse(HttpServletResponse response) throws IOException {
        response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        response.setHeader("Retry-After", RETRY_SECONDS);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("Pragma", "no-cache");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setContentType("application/json");
        response.getOutputStream().print(ANSWER);
    }
}

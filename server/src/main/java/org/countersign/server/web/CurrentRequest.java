package org.countersign.server.web;

import jakarta.servlet.http.HttpServletRequest;

/**
 * The request that this thread answers. Providers ask here and have no field for the container to inject: RESTEasy fills
 * those of a single object at its first use, and lets a second request that comes at the same time see them empty.
 */
public final class CurrentRequest {

    private static final ThreadLocal<HttpServletRequest> REQUEST = new ThreadLocal<>();

    private CurrentRequest() {}

    /** @return null outside a request */
    public static HttpServletRequest get() {
        return REQUEST.get();
    }

    static void set(HttpServletRequest request) {
        REQUEST.set(request);
    }

    static void clear() {
        REQUEST.remove();
    }
}

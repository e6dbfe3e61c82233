package org.countersign.server.web;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.ext.Provider;

/**
 * Takes a request that has neither a body nor a type for JSON of no bytes: what type nothing has need not be said (RFC 9110 §8.3), so
 * the call answers whether it needs a body.
 */
@Provider
@PreMatching
public final class NoBody implements ContainerRequestFilter {

    @Override
    public void filter(ContainerRequestContext context) {
        var headers = context.getHeaders();
        if (!headers.containsKey(HttpHeaders.CONTENT_TYPE) && isEmpty()) {
            headers.putSingle(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON);
        }
    }

    /** RFC 9112 §6.3: without either header there is no body. In HTTP/2 there may be one. */
    private static boolean isEmpty() {
        var request = CurrentRequest.get();
        long length = request.getContentLengthLong();
        return length == 0
                || (length < 0
                        && request.getHeader("Transfer-Encoding") == null
                        && request.getProtocol().startsWith("HTTP/1."));
    }
}

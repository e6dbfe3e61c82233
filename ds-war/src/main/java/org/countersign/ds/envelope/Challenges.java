package org.countersign.ds.envelope;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.ext.Provider;
import org.countersign.core.error.DsError;
import org.countersign.server.web.ExceptionAnswers;

/**
 * Says with each 401 for what an API key is needed (RFC 9110 §11.6.1). The scheme is no registered one: it is the name of the
 * header that has the key; {@code error} is said as RFC 6750 §3 says it.
 */
@Provider
public final class Challenges implements ContainerResponseFilter {

    private static final String API_KEY = "apikey realm=\"countersign\"";

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        var refused = request.getProperty(ExceptionAnswers.REFUSED);
        if (DsError.INVALID_API_KEY.wireName().equals(refused)) {
            response.getHeaders().putSingle(HttpHeaders.WWW_AUTHENTICATE, API_KEY);
        } else if (DsError.CONSENT_REQUIRED.wireName().equals(refused)) {
            response.getHeaders().putSingle(HttpHeaders.WWW_AUTHENTICATE, API_KEY + ", error=\"" + refused + "\"");
        }
    }
}

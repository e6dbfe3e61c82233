package org.countersign.server.web;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.countersign.core.error.ErrorCode;
import org.countersign.core.error.OAuth2Error;

/**
 * The error page of a WAR: what the servlet container refuses before Jakarta REST is asked is answered like every other
 * refusal. Liberty's own page has class names and a stack trace. What a container answers without error pages stays its own.
 */
public final class ContainerRefusals extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        // Nobody's address: whoever asks for this page itself finds nothing.
        int status = request.getDispatcherType() == DispatcherType.ERROR ? response.getStatus() : 404;
        response.setStatus(status);
        response.setContentType(form().mediaType(path(request)));
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.getOutputStream().write(body(form(), path(request), status));
    }

    /** The product's; OAuth 2.0's where the context did not start. */
    private ErrorForm form() {
        return getServletContext().getAttribute(ErrorForm.class.getName()) instanceof ErrorForm form
                ? form
                : ErrorForm.OAUTH2;
    }

    private static String path(HttpServletRequest request) {
        return request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI) instanceof String address
                        && address.startsWith(request.getContextPath() + "/")
                ? address.substring(request.getContextPath().length())
                : "/";
    }

    static byte[] body(ErrorForm form, String path, int status) throws IOException {
        if (status == 404) {
            return json(form, path, OAuth2Error.NOT_FOUND, "There is nothing at this address");
        }
        return status < 500
                ? json(form, path, OAuth2Error.INVALID_REQUEST, "The request is malformed")
                : json(form, path, OAuth2Error.SERVER_ERROR, "The request failed unexpectedly");
    }

    private static byte[] json(ErrorForm form, String path, ErrorCode code, String description) throws IOException {
        return JsonBodies.write(form.body(path, code, description));
    }
}

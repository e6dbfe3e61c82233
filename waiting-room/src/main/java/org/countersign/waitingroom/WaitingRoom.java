package org.countersign.waitingroom;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Stands at the root of the server, where requests arrive whose context is not deployed: those of a company being moved
 * are told to come again, all others that there is nothing. The companies stand in {@code WEB-INF/contexts}, one a line,
 * which the command line puts into the WAR when it deploys it.
 */
public final class WaitingRoom extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final String CONTEXTS = "/WEB-INF/contexts";
    private static final String SELF = "/countersign-waiting-room";
    /** The command line tells its answers by it from the contexts' and the server's own. */
    private static final String HEADER = "Countersign-Waiting-Room";

    private static final String RETRY_SECONDS = "2";
    private static final String MOVING =
            answer("temporarily_unavailable", "The service is being moved to another version");
    private static final String NOTHING = answer("not_found", "There is nothing at this address");

    private Set<String> contexts = Set.of();

    @Override
    public void init() throws ServletException {
        try (var file = getServletContext().getResourceAsStream(CONTEXTS)) {
            contexts = file == null
                    ? Set.of()
                    : new String(file.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .collect(Collectors.toUnmodifiableSet());
        } catch (IOException unreadable) {
            throw new ServletException(unreadable);
        }
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var path = request.getRequestURI();
        int end = path.indexOf('/', 1);
        var context = path.substring(Math.min(1, path.length()), end < 0 ? path.length() : end);
        response.setHeader(HEADER, "true");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setContentType("application/json");
        if (path.equals(SELF)) {
            response.getOutputStream().print("{\"waitingRoom\":true}");
        } else if (contexts.contains(context)) {
            response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            response.setHeader("Retry-After", RETRY_SECONDS);
            response.getOutputStream().print(MOVING);
        } else {
            response.setStatus(HttpServletResponse.SC_NOT_FOUND);
            response.getOutputStream().print(NOTHING);
        }
    }

    private static String answer(String error, String description) {
        return "{\"error\":\"" + error + "\",\"error_description\":\"" + description + "\"}";
    }
}

package org.countersign.server.oauth;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.logging.ContextLogger;
import org.countersign.server.web.CurrentRequest;

/**
 * People whom the application server knows: by its security domain or user registry, which may be a directory. What they may
 * do is said by the container's roles of the groups' names (Jakarta Servlet 6.0, 13.3). The container is asked and then
 * forgets: no session of its own stays.
 */
public final class ServerAccounts {

    private static final System.Logger LOG = ContextLogger.of(ServerAccounts.class);

    private ServerAccounts() {}

    /**
     * During a request alone.
     *
     * @param groups those that are asked for
     * @return empty unless the server knows the name with this password; of the groups those whose role somebody has
     * @throws ProtocolException {@code access_denied} when the container has taken the request for somebody's before, by what
     *     else the browser sent: then it would compare nothing
     */
    public static Optional<Set<ApiGroup>> groups(String name, String password, Set<ApiGroup> groups) {
        var request = CurrentRequest.get();
        if (request.getUserPrincipal() != null) {
            LOG.log(System.Logger.Level.WARNING, "The server takes requests for somebody's before they sign in");
            throw new ProtocolException(
                    OAuth2Error.ACCESS_DENIED,
                    "This browser is signed in at the application server; sign out there first");
        }
        try {
            return ask(request, name, password, groups);
        } finally {
            var session = request.getSession(false);
            if (session != null) {
                session.invalidate();
            }
        }
    }

    private static Optional<Set<ApiGroup>> ask(
            HttpServletRequest request, String name, String password, Set<ApiGroup> groups) {
        try {
            request.login(name, password);
        } catch (ServletException refused) {
            // Whether the password is wrong or the directory away is in the container's words alone.
            LOG.log(System.Logger.Level.INFO, "The server refused somebody: {0}", refused.getMessage());
            return Optional.empty();
        }
        try {
            if (request.getUserPrincipal() == null) {
                LOG.log(System.Logger.Level.WARNING, "The server takes every name: its security is not on");
                return Optional.empty();
            }
            return Optional.of(groups.stream()
                    .filter(group -> request.isUserInRole(group.toString()))
                    .collect(Collectors.toUnmodifiableSet()));
        } finally {
            logout(request);
        }
    }

    private static void logout(HttpServletRequest request) {
        try {
            request.logout();
        } catch (ServletException failure) {
            throw new IllegalStateException("The application server does not let go of somebody", failure);
        }
    }
}

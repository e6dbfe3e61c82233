package org.countersign.server.console;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.BrowserSessions;
import org.countersign.server.oauth.Peer;
import org.countersign.server.oauth.SessionCookie;
import org.countersign.server.web.ClientAddress;
import org.countersign.server.web.OpenToAll;

/** A person signs in to the console, and out. */
@Path("admin/v1/session")
@Produces(MediaType.APPLICATION_JSON)
public class ConsoleSessionResource {

    private final SignIn signIn;
    private final ConsoleSessions sessions;
    private final ClientAddress addresses;
    private final Duration idle;
    private final Ways ways;
    private final boolean behindTls;
    private final String path;

    /** @param issuer the context's address as browsers reach it: over TLS, the cookie is for TLS only */
    public ConsoleSessionResource(
            SignIn signIn, ConsoleSessions sessions, ClientAddress addresses, Duration idle, Ways ways, URI issuer) {
        this.signIn = signIn;
        this.sessions = sessions;
        this.addresses = addresses;
        this.idle = idle;
        this.ways = ways;
        this.behindTls = "https".equals(issuer.getScheme());
        this.path = issuer.getPath().isEmpty() ? "/" : issuer.getPath();
    }

    /** @param password up to 256 characters */
    public record SignInRequest(String user, String password) {

        /** Leaves the password out. */
        @Override
        public String toString() {
            return "a request to sign in";
        }
    }

    /**
     * Who is signed in. Without anybody, all but the first and the last three are left out.
     *
     * @param roles some of operator, support and auditor
     * @param csrfToken to be sent in the header X-CSRF-Token with whatever is not a GET
     * @param idleInSeconds how long the session lives without a call
     * @param openId true where people may sign in at an OpenID provider; else left out
     * @param passwords whether people may sign in with a password beside it; left out without it
     * @param demonstration true where users for demonstration may sign in, or one has; else left out
     */
    public record SessionDescription(
            boolean signedIn,
            String user,
            List<String> roles,
            String csrfToken,
            Integer idleInSeconds,
            Boolean openId,
            Boolean passwords,
            Boolean demonstration) {

        static SessionDescription nobody(Ways ways) {
            return new SessionDescription(
                    false,
                    null,
                    null,
                    null,
                    null,
                    ways.openId() ? true : null,
                    ways.openId() ? ways.passwords() : null,
                    ways.demonstration() ? true : null);
        }
    }

    /** How people sign in. */
    public record Ways(boolean openId, boolean passwords, boolean demonstration) {

        public static Ways of(ConsoleSettings settings) {
            return new Ways(
                    settings.openId().isPresent(),
                    settings.passwords(),
                    settings.users().stream().anyMatch(ConsoleUser::demonstration));
        }
    }

    /** A session from before ends. */
    @POST
    @OpenToAll
    @Consumes(MediaType.APPLICATION_JSON)
    public final Response signIn(@Context HttpServletRequest request, SignInRequest credentials) {
        if (credentials == null) {
            throw ProtocolException.invalidRequest("Payload is required");
        }
        var address = addresses.of(request);
        var person = signIn.signIn(credentials.user(), credentials.password(), address, Peer.of(request));
        SessionCookie.of(request).ifPresent(sessions::end);
        var session = sessions.begin(person);
        return Response.ok(describe(person, session))
                .header(HttpHeaders.SET_COOKIE, SessionCookie.set(session, path, isSecure(request)))
                .build();
    }

    @GET
    @OpenToAll
    public final SessionDescription show(@Context HttpServletRequest request) {
        return SessionCookie.of(request)
                .flatMap(session -> sessions.find(session).map(found -> describe(found.person(), session)))
                .orElseGet(() -> SessionDescription.nobody(ways));
    }

    /** By the session and its proof alone: also for somebody who may do nothing else here any more. */
    @DELETE
    @OpenToAll
    public final Response signOut(@Context HttpServletRequest request) {
        var proof =
                Optional.ofNullable(request.getHeader(BrowserSessions.PROOF)).or(() -> Optional.of(""));
        var session = SessionCookie.of(request)
                .filter(cookie ->
                        sessions.admitted(cookie, proof, Peer.of(request)).isPresent())
                .orElseThrow(() -> new ProtocolException(OAuth2Error.INVALID_TOKEN, "Token was not recognized"));
        sessions.end(session);
        return Response.noContent()
                .header(HttpHeaders.SET_COOKIE, SessionCookie.clear(path, isSecure(request)))
                .build();
    }

    private boolean isSecure(HttpServletRequest request) {
        return behindTls || request.isSecure();
    }

    private SessionDescription describe(Person person, String session) {
        return new SessionDescription(
                true,
                person.name(),
                person.roles().stream().sorted().map(ApiGroup::toString).toList(),
                ConsoleSessions.proof(session),
                (int) idle.toSeconds(),
                ways.openId() ? true : null,
                ways.openId() ? ways.passwords() : null,
                person.demonstration() ? true : null);
    }
}

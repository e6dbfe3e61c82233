package org.countersign.server.console;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.oauth.Peer;
import org.countersign.server.oauth.SessionCookie;
import org.countersign.server.web.ClientAddress;
import org.countersign.server.web.OpenToAll;

/**
 * The way to an OpenID provider and back, for browsers: answers are redirections, or pages. The session's cookie is not sent
 * along the way, which another site leads, but by what the console's page asks for.
 */
@Path("console/openid")
@OpenToAll
public class OpenIdResource {

    private static final String HTML = "text/html;charset=UTF-8";
    private static final String COOKIE = "countersign-openid";
    private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9_-]{43}");

    private final Optional<OpenIdSignIn> signIn;
    private final ConsoleSessions sessions;
    private final ClientAddress addresses;
    private final boolean behindTls;
    private final String context;
    private final String folder;
    private final String refused;
    private final String failed;

    /**
     * @param signIn empty without a provider
     * @param issuer the context's address as browsers reach it
     */
    public OpenIdResource(
            Optional<OpenIdSignIn> signIn, ConsoleSessions sessions, ClientAddress addresses, URI issuer) {
        this(signIn, sessions, addresses, issuer, "console");
    }

    /**
     * For pages with another address.
     *
     * @param folder the first segment of their addresses
     */
    protected OpenIdResource(
            Optional<OpenIdSignIn> signIn,
            ConsoleSessions sessions,
            ClientAddress addresses,
            URI issuer,
            String folder) {
        this.signIn = signIn;
        this.sessions = sessions;
        this.addresses = addresses;
        this.behindTls = "https".equals(issuer.getScheme());
        this.context = issuer.getPath();
        this.folder = folder;
        this.refused = page(
                "You are signed in, but have no role here. Ask who administers the service.",
                "Ha iniciado sesión, pero no tiene ningún rol aquí. Consulte a quien administra el servicio.");
        this.failed = page("Signing in did not work.", "No se ha podido iniciar sesión.");
    }

    /** Where the provider sends browsers back to. @param folder the first segment of the pages' addresses */
    public static URI callback(URI issuer, String folder) {
        return URI.create(issuer + "/" + folder + "/openid/callback");
    }

    private String page(String english, String spanish) {
        try (var in = OpenIdResource.class.getResourceAsStream("/console-common/openid.html")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("@CONSOLE@", context + "/" + folder + "/")
                    .replace("@ENGLISH@", english)
                    .replace("@SPANISH@", spanish);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("The console can not be read", unreadable);
        }
    }

    /** To the provider. A session from before ends. */
    @GET
    @Produces(HTML)
    public final Response begin(@Context HttpServletRequest request) {
        try {
            var begun = configured().begin(ClientAddress.network(address(request)));
            SessionCookie.of(request).ifPresent(sessions::end);
            return Response.status(Response.Status.SEE_OTHER)
                    .header(HttpHeaders.LOCATION, begun.location())
                    .header(HttpHeaders.SET_COOKIE, cookie(begun.cookie(), OpenIdSignIn.PATIENCE.toSeconds(), request))
                    .header(HttpHeaders.CACHE_CONTROL, "no-store")
                    .header("Referrer-Policy", "no-referrer")
                    .build();
        } catch (ProtocolException failure) {
            return page(failure).build();
        }
    }

    /** Back from it. */
    @GET
    @Path("callback")
    @Produces(HTML)
    public final Response callback(@Context HttpServletRequest request) {
        try {
            var answer = new OpenIdSignIn.Answer(
                    parameter(request, "state"),
                    parameter(request, "code"),
                    parameter(request, "error"),
                    parameter(request, "iss"));
            var person = configured().finish(cookie(request), answer, address(request), Peer.of(request));
            var session = sessions.begin(person);
            return Response.status(Response.Status.SEE_OTHER)
                    .header(HttpHeaders.LOCATION, context + "/" + folder + "/")
                    .header(
                            HttpHeaders.SET_COOKIE,
                            SessionCookie.set(session, context.isEmpty() ? "/" : context, isSecure(request)))
                    .header(HttpHeaders.SET_COOKIE, cookie("", 0, request))
                    .header(HttpHeaders.CACHE_CONTROL, "no-store")
                    .header("Referrer-Policy", "no-referrer")
                    .build();
        } catch (ProtocolException failure) {
            return page(failure)
                    .header(HttpHeaders.SET_COOKIE, cookie("", 0, request))
                    .build();
        }
    }

    private OpenIdSignIn configured() {
        return signIn.orElseThrow(
                () -> new ProtocolException(OAuth2Error.NOT_FOUND, "There is nothing at this address"));
    }

    private String address(HttpServletRequest request) {
        return addresses.of(request);
    }

    private Response.ResponseBuilder page(ProtocolException failure) {
        var answer = Response.status(failure.code().status())
                .type(HTML)
                .entity(failure.code() == OAuth2Error.ACCESS_DENIED ? refused : failed)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .header(
                        "Content-Security-Policy",
                        "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none';"
                                + " base-uri 'none'; form-action 'none'")
                .header("Referrer-Policy", "no-referrer");
        failure.retryAfter().ifPresent(wait -> answer.header(HttpHeaders.RETRY_AFTER, Math.max(1, wait.toSeconds())));
        return answer;
    }

    private static Optional<String> parameter(HttpServletRequest request, String name) {
        var values = request.getParameterValues(name);
        if (values != null && values.length > 1) {
            throw ProtocolException.invalidRequest("A parameter must not be sent twice");
        }
        return Optional.ofNullable(values).map(all -> all[0]).filter(text -> !text.isEmpty());
    }

    private static String cookie(HttpServletRequest request) {
        var cookies = request.getCookies();
        return Arrays.stream(cookies == null ? new jakarta.servlet.http.Cookie[0] : cookies)
                .filter(cookie -> cookie.getName().equals(COOKIE))
                .map(jakarta.servlet.http.Cookie::getValue)
                .filter(value -> value != null && VALUE.matcher(value).matches())
                .findFirst()
                .orElseThrow(() -> ProtocolException.invalidRequest("The cookie of the sign-in is missing"));
    }

    /** {@code Lax}, as the provider's site leads back here. */
    private String cookie(String value, long seconds, HttpServletRequest request) {
        return COOKIE + "=" + value + "; Path=" + context + "/" + folder + "/openid; Max-Age=" + seconds
                + "; HttpOnly; SameSite=Lax" + (isSecure(request) ? "; Secure" : "");
    }

    private boolean isSecure(HttpServletRequest request) {
        return behindTls || request.isSecure();
    }
}

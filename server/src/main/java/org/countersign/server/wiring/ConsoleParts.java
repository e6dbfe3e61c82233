package org.countersign.server.wiring;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.countersign.server.console.Admission;
import org.countersign.server.console.AuditTrail;
import org.countersign.server.console.AuditTrailResource;
import org.countersign.server.console.ConsoleResource;
import org.countersign.server.console.ConsoleSessionResource;
import org.countersign.server.console.ConsoleSessionResource.Ways;
import org.countersign.server.console.ConsoleSessions;
import org.countersign.server.console.ConsoleSettings;
import org.countersign.server.console.OpenIdResource;
import org.countersign.server.console.OpenIdSignIn;
import org.countersign.server.console.SessionEvents;
import org.countersign.server.console.SignIn;
import org.countersign.server.oauth.BrowserSessions;
import org.countersign.server.openid.OpenIdProvider;
import org.countersign.server.openid.OpenIdSettings;
import org.countersign.server.web.ClientAddress;

/** The operators' console, put together. There is no logic in it. */
public record ConsoleParts(BrowserSessions sessions, Set<Object> components, List<Runnable> chores) {

    /**
     * @param files of the page, the product's own
     * @param issuer the context's address as browsers reach it
     */
    public static ConsoleParts of(
            ConsoleSettings settings, List<String> files, URI issuer, ContextParts parts, ClientAddress addresses) {
        var statements = parts.database().statements();
        var signIn = new SignIn(settings, parts.audit(), parts.clock(), parts.entropy());
        var openId = settings.openId().map(provider -> openId(provider, issuer, parts));
        var sessions = new ConsoleSessions(statements, signIn, settings, parts.audit(), parts.clock(), parts.entropy());
        var ways = Ways.of(settings);
        var chores = new ArrayList<Runnable>(List.of(sessions::purge));
        openId.ifPresent(provider -> chores.add(provider::purge));
        return new ConsoleParts(
                sessions,
                Set.of(
                        new ConsoleResource(files),
                        new ConsoleSessionResource(signIn, sessions, addresses, settings.idle(), ways, issuer),
                        new OpenIdResource(openId, sessions, addresses, issuer),
                        new AuditTrailResource(new AuditTrail(statements))),
                chores);
    }

    private static OpenIdSignIn openId(OpenIdSettings settings, URI issuer, ContextParts parts) {
        return new OpenIdSignIn(
                new OpenIdProvider(settings, OpenIdResource.callback(issuer, "console"), parts.clock()),
                Admission.ALL,
                parts.database().statements(),
                parts.audit(),
                new SessionEvents(Optional.empty()),
                parts.clock(),
                parts.entropy());
    }
}

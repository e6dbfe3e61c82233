package org.countersign.ds.wiring;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.countersign.ds.configuration.DsConfiguration;
import org.countersign.ds.console.AuditTrail;
import org.countersign.ds.console.AuditTrailResource;
import org.countersign.ds.console.ConsoleResource;
import org.countersign.ds.console.ConsoleSessionResource;
import org.countersign.ds.console.ConsoleSessionResource.Ways;
import org.countersign.ds.console.ConsoleSessions;
import org.countersign.ds.console.OpenIdResource;
import org.countersign.ds.console.OpenIdSignIn;
import org.countersign.ds.console.SignIn;
import org.countersign.ds.openid.OpenIdProvider;
import org.countersign.ds.openid.OpenIdSettings;
import org.countersign.server.oauth.BrowserSessions;
import org.countersign.server.web.ClientAddress;
import org.countersign.server.wiring.ContextParts;

/** The operators' console, put together. There is no logic in it. */
record Console(BrowserSessions sessions, Set<Object> components, List<Runnable> chores) {

    static Console of(DsConfiguration configuration, ContextParts parts, ClientAddress addresses) {
        var settings = configuration.console();
        var issuer = configuration.issuer();
        var statements = parts.database().statements();
        var signIn = new SignIn(settings, parts.audit(), parts.clock(), parts.entropy());
        var openId = settings.openId().map(provider -> openId(provider, configuration, parts));
        var sessions = new ConsoleSessions(statements, signIn, settings, parts.audit(), parts.clock(), parts.entropy());
        var ways = new Ways(openId.isPresent(), settings.passwords());
        var chores = new ArrayList<Runnable>(List.of(sessions::purge));
        openId.ifPresent(provider -> chores.add(provider::purge));
        return new Console(
                sessions,
                Set.of(
                        new ConsoleResource(),
                        new ConsoleSessionResource(signIn, sessions, addresses, settings.idle(), ways, issuer),
                        new OpenIdResource(openId, sessions, addresses, issuer),
                        new AuditTrailResource(new AuditTrail(statements))),
                chores);
    }

    private static OpenIdSignIn openId(OpenIdSettings settings, DsConfiguration configuration, ContextParts parts) {
        return new OpenIdSignIn(
                new OpenIdProvider(settings, OpenIdResource.callback(configuration.issuer()), parts.clock()),
                parts.database().statements(),
                parts.audit(),
                parts.clock(),
                parts.entropy());
    }
}

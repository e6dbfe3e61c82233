package org.countersign.signer.wiring;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.countersign.server.console.ConsoleSessionResource.Ways;
import org.countersign.server.console.ConsoleSessions;
import org.countersign.server.console.OpenIdResource;
import org.countersign.server.console.OpenIdSignIn;
import org.countersign.server.console.SeatPeople;
import org.countersign.server.console.SeatSessions;
import org.countersign.server.console.SessionEvents;
import org.countersign.server.console.SignIn;
import org.countersign.server.oauth.BrowserSessions;
import org.countersign.server.openid.OpenIdProvider;
import org.countersign.server.web.ClientAddress;
import org.countersign.server.wiring.ContextParts;
import org.countersign.signer.configuration.WizardSettings;
import org.countersign.signer.wizard.HolderOpenIdResource;
import org.countersign.signer.wizard.HolderSessionResource;
import org.countersign.signer.wizard.RootResource;
import org.countersign.signer.wizard.WizardResource;

/** The holders' page, put together where the configuration has it. There is no logic in it. */
record Wizard(BrowserSessions sessions, Set<Object> components, List<Runnable> chores) {

    static Wizard of(Optional<WizardSettings> settings, ContextParts parts, ClientAddress addresses) {
        return settings.map(configured -> of(configured, parts, addresses))
                .orElseGet(() -> new Wizard(BrowserSessions.NONE, Set.of(), List.of()));
    }

    private static Wizard of(WizardSettings settings, ContextParts parts, ClientAddress addresses) {
        var people = settings.people();
        var events = new SessionEvents(people.tenant());
        var statements = parts.database().statements();
        // Without one, the address has no scheme: whether a request came over TLS decides about its cookie.
        var issuer = settings.issuer()
                .orElseGet(() -> URI.create("/" + parts.origin().context().deployed()));
        var seats = new SeatPeople(
                parts.clients(), parts.seatGroups(), people.seats().orElseThrow());
        var signIn = new SignIn(people, seats, parts.audit(), parts.clock(), parts.entropy());
        var sessions = new ConsoleSessions(statements, signIn, people, parts.audit(), parts.clock(), parts.entropy());
        var openId = people.openId()
                .map(provider -> new OpenIdSignIn(
                        new OpenIdProvider(
                                provider, OpenIdResource.callback(issuer, WizardResource.FOLDER), parts.clock()),
                        seats,
                        statements,
                        parts.audit(),
                        events,
                        parts.clock(),
                        parts.entropy()));
        var ways = Ways.of(people);
        var chores = new ArrayList<Runnable>(List.of(sessions::purge));
        openId.ifPresent(provider -> chores.add(provider::purge));
        return new Wizard(
                new SeatSessions(sessions, seats),
                Set.of(
                        new RootResource(settings.issuer().map(URI::getPath)),
                        new WizardResource(),
                        new HolderSessionResource(signIn, sessions, addresses, people.idle(), ways, issuer),
                        new HolderOpenIdResource(openId, sessions, addresses, issuer)),
                chores);
    }
}

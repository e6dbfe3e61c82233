package org.countersign.server.console;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.codec.digest.DigestUtils;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.jose.Base64Url;
import org.countersign.core.oauth2.GroupName;
import org.countersign.core.oauth2.SeatName;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Authorities;
import org.countersign.server.oauth.BrowserSessions;
import org.countersign.server.oauth.Caller;
import org.countersign.server.oauth.OAuthClients;
import org.countersign.server.oauth.Peer;

/**
 * People who are seats of a tenant. A session of one is what an access token of the tenant's OAuth client for that seat would be, and
 * less: it names this seat alone, whatever a request asks for; it is of one tenant; and it may do what both the person
 * and the client may. The client is asked for each time, so what is taken from it is taken from every session at once. Its
 * secret is not used, and never leaves.
 */
public final class SeatSessions implements BrowserSessions {

    private final ConsoleSessions sessions;
    private final OAuthClients clients;
    private final String clientId;
    private final String tenant;

    /** @param clientId of the tenant's client */
    public SeatSessions(ConsoleSessions sessions, OAuthClients clients, String clientId, String tenant) {
        this.sessions = sessions;
        this.clients = clients;
        this.clientId = clientId;
        this.tenant = tenant;
    }

    @Override
    public Optional<Caller> caller(String session, Optional<String> proof, Peer peer) {
        return sessions.admitted(session, proof, peer).map(found -> seated(found, peer));
    }

    private Caller seated(ConsoleSessions.Found found, Peer peer) {
        var client = clients.find(clientId).orElseThrow(ProtocolException::accessDenied);
        peer.admit(client);
        var granted = client.authorities(clients.tenants());
        var seat = seat(found.person());
        if (!granted.tenants().contains(tenant)) {
            throw ProtocolException.accessDenied();
        }
        var groups = EnumSet.noneOf(ApiGroup.class);
        groups.addAll(found.person().roles());
        groups.retainAll(granted.groups());
        return new Caller(
                clientId,
                new Authorities(false, groups, Set.of(tenant), groupsOf(granted), Set.of()),
                Optional.of(seat),
                found.ends(),
                countedAs(seat));
    }

    private Set<GroupName> groupsOf(Authorities granted) {
        return granted.seatGroups().stream()
                .filter(name -> name.tenant().equals(tenant))
                .collect(Collectors.toSet());
    }

    /** The seat alone: else one person's wrong factors would stop all who share the client. No client has a blank in its name. */
    private static String countedAs(SeatName seat) {
        return "seat " + Base64Url.encode(DigestUtils.sha256(seat.toString()));
    }

    /** A name is a seat's as it is: one that only ends like the tenant would be read as another's. */
    private SeatName seat(Person person) {
        if (!SeatName.isSeat(person.name())
                || !SeatName.withoutTenant(person.name(), tenant).equals(person.name())) {
            throw ProtocolException.accessDenied();
        }
        return new SeatName(person.name(), tenant);
    }
}

package org.countersign.server.console;

import java.time.Instant;
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
import org.countersign.server.oauth.Caller;
import org.countersign.server.oauth.OAuthClients;
import org.countersign.server.oauth.Peer;
import org.countersign.server.oauth.SeatGroups;

/**
 * People who are seats of a tenant. A session of one is what an access token of the tenant's OAuth client for that seat would be, and
 * less: it names this seat alone, whatever a request asks for; it is of one tenant; and it may do what both the person
 * and the client may. The client is asked for each time, so what is taken from it is taken from every session at once. Its
 * secret is not used, and never leaves.
 */
public final class SeatPeople implements Admission {

    private final OAuthClients clients;
    private final SeatGroups groups;
    private final String clientId;
    private final String tenant;

    /**
     * @param groups of people that the client may be kept to
     * @param seats with the tenant's client
     */
    public SeatPeople(OAuthClients clients, SeatGroups groups, TenantSeats seats) {
        this.clients = clients;
        this.groups = groups;
        this.clientId = seats.clientId();
        this.tenant = seats.tenant();
    }

    /** @throws ProtocolException {@code access_denied} for who is no seat, and where the client does not have the tenant */
    Caller caller(Person person, Instant ends, Peer peer) {
        var client = clients.find(clientId).orElseThrow(ProtocolException::accessDenied);
        peer.admit(client);
        var granted = client.authorities(clients.tenants());
        var seat = seat(person);
        if (!granted.tenants().contains(tenant)) {
            throw ProtocolException.accessDenied();
        }
        var roles = EnumSet.noneOf(ApiGroup.class);
        roles.addAll(person.roles());
        roles.retainAll(granted.groups());
        return new Caller(
                clientId,
                new Authorities(false, roles, Set.of(tenant), groupsOf(granted), Set.of()),
                Optional.of(seat),
                ends,
                countedAs(seat));
    }

    /** Whether the seat is in reach of the client, and there is something that both may do. */
    @Override
    public boolean admits(Person person, Peer peer) {
        try {
            var caller = caller(person, Instant.MAX, peer);
            return !caller.authorities().groups().isEmpty()
                    && groups.reaches(caller.authorities(), caller.requireSeat());
        } catch (ProtocolException refused) {
            return false;
        }
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

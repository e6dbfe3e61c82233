package org.countersign.server.console;

import java.util.Optional;
import org.countersign.server.oauth.BrowserSessions;
import org.countersign.server.oauth.Caller;
import org.countersign.server.oauth.Peer;

/** Sessions of people who are seats of a tenant, as {@link SeatPeople} has them. */
public final class SeatSessions implements BrowserSessions {

    private final ConsoleSessions sessions;
    private final SeatPeople people;

    public SeatSessions(ConsoleSessions sessions, SeatPeople people) {
        this.sessions = sessions;
        this.people = people;
    }

    @Override
    public Optional<Caller> caller(String session, Optional<String> proof, Peer peer) {
        return sessions.admitted(session, proof, peer).map(found -> people.caller(found.person(), found.ends(), peer));
    }
}

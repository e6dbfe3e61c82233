package org.countersign.server.console;

import org.countersign.server.oauth.Peer;

/** Whether somebody who is known, and has a role, may do anything here: who may not is told so when signing in. */
@FunctionalInterface
public interface Admission {

    /** Whoever has a role. */
    Admission ALL = (person, peer) -> true;

    boolean admits(Person person, Peer peer);
}

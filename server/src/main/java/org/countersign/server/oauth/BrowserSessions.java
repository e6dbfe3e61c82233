package org.countersign.server.oauth;

import java.util.Optional;

/** People who signed in with a browser, and call the same API that clients call with access tokens. */
@FunctionalInterface
public interface BrowserSessions {

    /** The cookie that a session is known by. */
    String COOKIE = "countersign-session";

    /** Where a call that changes something shows that it comes from a page of the session: other sites can not set it. */
    String PROOF = "X-CSRF-Token";

    /** There are none. */
    BrowserSessions NONE = (session, proof, peer) -> Optional.empty();

    /**
     * The caller whose session it is.
     *
     * @param session what the cookie has
     * @param proof empty for a call that only reads; else what the header {@link #PROOF} has, or an empty text
     * @return empty when there is no such session, or it has ended
     * @throws org.countersign.core.error.ProtocolException {@code access_denied} without the right proof, and for a user
     *     of demonstrations whose peer is elsewhere
     */
    Optional<Caller> caller(String session, Optional<String> proof, Peer peer);
}

package org.countersign.server.oauth;

/** What a client may call; written {@code apiGroup:NAME} among its authorities. */
public enum ApiGroup {
    SIGNER("signer"),
    LISTER("lister"),
    GENERATOR("generator"),
    /** Administers clients and unlocks credentials. */
    OAUTH_ADMIN("oAuthAdmin");

    private final String wireName;

    ApiGroup(String wireName) {
        this.wireName = wireName;
    }

    @Override
    public String toString() {
        return wireName;
    }
}

package org.countersign.server.oauth;

/** What a client may call; written {@code apiGroup:NAME} among its authorities. */
public enum ApiGroup {
    SIGNER("signer"),
    LISTER("lister"),
    GENERATOR("generator"),
    /** Administers clients and unlocks credentials. */
    OAUTH_ADMIN("oAuthAdmin"),
    /** Distribution service: administers organisations, applications, devices, versions and keys. Wallet provider: organisations and users. */
    OPERATOR("operator"),
    /** Distribution service: sees devices, transactions and log bundles. */
    SUPPORT("support"),
    /** Distribution service: sees what was done, and by whom. */
    AUDITOR("auditor"),
    /** Gets tokens that local agents accept. */
    CONNECTOR("connector");

    private final String wireName;

    ApiGroup(String wireName) {
        this.wireName = wireName;
    }

    @Override
    public String toString() {
        return wireName;
    }
}

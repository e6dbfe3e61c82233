package org.countersign.core.specification;

/** Token Status List, draft of the IETF. https://datatracker.ietf.org/doc/draft-ietf-oauth-status-list/ */
public final class TokenStatusList {

    /** §5.1: {@code typ} of the JWT's header. */
    public static final String TYPE = "statuslist+jwt";
    /** §8.1: the media type of the answer. */
    public static final String MEDIA_TYPE = "application/statuslist+jwt";

    private TokenStatusList() {}
}

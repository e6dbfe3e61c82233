package org.countersign.core.specification;

/** RFC 7523, JWT Profile for OAuth 2.0 Client Authentication. https://www.rfc-editor.org/rfc/rfc7523 */
public final class Rfc7523 {

    /** §2.2 */
    public static final String CLIENT_ASSERTION = "client_assertion";
    /** §2.2 */
    public static final String CLIENT_ASSERTION_TYPE = "client_assertion_type";
    /** §2.2 */
    public static final String JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    /** §2.1 */
    public static final String ASSERTION = "assertion";
    /** §2.1: the assertion is not how a client authenticates, but what it is given something for. */
    public static final String GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    private Rfc7523() {}
}

package org.countersign.core.specification;

/** RFC 6749, The OAuth 2.0 Authorization Framework. https://www.rfc-editor.org/rfc/rfc6749 */
public final class Rfc6749 {

    /** §2.3.1 */
    public static final String CLIENT_ID = "client_id";
    /** §2.3.1 */
    public static final String CLIENT_SECRET = "client_secret";
    /** §4.4.2 */
    public static final String GRANT_TYPE = "grant_type";
    /** §4.4 */
    public static final String CLIENT_CREDENTIALS = "client_credentials";
    /** §3.3 */
    public static final String SCOPE = "scope";
    /** §5.1; written in lower case as the seed's dialect has it, the comparison is without case (§7.1). */
    public static final String BEARER = "bearer";

    private Rfc6749() {}
}

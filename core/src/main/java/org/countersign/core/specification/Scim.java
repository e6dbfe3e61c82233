package org.countersign.core.specification;

/** System for Cross-domain Identity Management 2.0: RFC 7643, RFC 7644. https://www.rfc-editor.org/rfc/rfc7644 */
public final class Scim {

    /** RFC 7644 §8.1 */
    public static final String MEDIA_TYPE = "application/scim+json";
    /** RFC 7643 §4.1 */
    public static final String USER = "urn:ietf:params:scim:schemas:core:2.0:User";
    /** RFC 7644 §3.4.2 */
    public static final String LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
    /** RFC 7644 §3.5.2 */
    public static final String PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
    /** RFC 7644 §3.12 */
    public static final String ERROR = "urn:ietf:params:scim:api:messages:2.0:Error";

    private Scim() {}
}

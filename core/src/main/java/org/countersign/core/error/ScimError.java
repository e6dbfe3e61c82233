package org.countersign.core.error;

/** Values of {@code scimType} (RFC 7644 §3.12, table 9), and what SCIM answers without one. */
public enum ScimError implements ErrorCode {
    INVALID_FILTER("invalidFilter", 400),
    INVALID_PATH("invalidPath", 400),
    INVALID_SYNTAX("invalidSyntax", 400),
    INVALID_VALUE("invalidValue", 400),
    NO_TARGET("noTarget", 400),
    UNIQUENESS("uniqueness", 409),
    /** RFC 7644 §3.14: the resource has another version by now. It has no {@code scimType}. */
    PRECONDITION_FAILED("", 412);

    private final String wireName;
    private final int status;

    ScimError(String wireName, int status) {
        this.wireName = wireName;
        this.status = status;
    }

    /** The {@code scimType}; empty without one. */
    @Override
    public String wireName() {
        return wireName;
    }

    @Override
    public int status() {
        return status;
    }
}

package org.countersign.wallet.scim;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.countersign.core.error.ErrorCode;
import org.countersign.core.error.ScimError;
import org.countersign.core.specification.Scim;
import org.countersign.server.web.ErrorForm;

/** The form of refusals: SCIM's own (RFC 7644 §3.12) at its addresses, OAuth 2.0's elsewhere. */
public final class ScimRefusals implements ErrorForm {

    private static final String ADDRESSES = "/scim/";

    /** @param status of HTTP, as a text */
    @JsonPropertyOrder({"schemas", "status", "scimType", "detail"})
    public record ScimRefusal(List<String> schemas, String status, String scimType, String detail) {}

    @Override
    public Object body(String path, ErrorCode code, String description) {
        return path.startsWith(ADDRESSES)
                ? new ScimRefusal(
                        List.of(Scim.ERROR),
                        Integer.toString(code.status()),
                        code instanceof ScimError own && !own.wireName().isEmpty() ? own.wireName() : null,
                        description)
                : OAUTH2.body(path, code, description);
    }

    @Override
    public String mediaType(String path) {
        return path.startsWith(ADDRESSES) ? Scim.MEDIA_TYPE : OAUTH2.mediaType(path);
    }
}

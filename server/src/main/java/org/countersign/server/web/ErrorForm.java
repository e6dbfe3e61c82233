package org.countersign.server.web;

import jakarta.ws.rs.core.MediaType;
import org.countersign.core.error.ErrorCode;

/** What the body of a refusal looks like. */
@FunctionalInterface
public interface ErrorForm {

    /** That of OAuth 2.0, {@link ErrorAnswer}, everywhere. */
    ErrorForm OAUTH2 = (path, code, description) -> new ErrorAnswer(code.wireName(), description);

    /** @param path of the request within the context, starting with a slash */
    Object body(String path, ErrorCode code, String description);

    /**
     * Of the body, which is written as JSON.
     *
     * @param path likewise
     */
    default String mediaType(String path) {
        return MediaType.APPLICATION_JSON;
    }
}

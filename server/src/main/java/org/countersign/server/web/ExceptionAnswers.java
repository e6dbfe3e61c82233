package org.countersign.server.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.util.Map;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.ErrorCode;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.audit.AuditUnavailableException;
import org.hibernate.exception.JDBCConnectionException;

/**
 * The one mapper: whatever is thrown becomes {@code {"error", "error_description"}}. What nobody expected is answered
 * {@code server_error} with a request id and logged once under it; never a stack trace, a class name or a page of HTML.
 */
@Provider
public final class ExceptionAnswers implements ExceptionMapper<Throwable> {

    private static final System.Logger LOG = System.getLogger(ExceptionAnswers.class.getName());
    private static final String TEMPORARY = "The service is temporarily unavailable";
    private static final String RETRY_SECONDS = "2";
    private static final Map<Integer, ProtocolException> HTTP = Map.of(
            404, new ProtocolException(OAuth2Error.NOT_FOUND, "There is nothing at this address"),
            405, new ProtocolException(OAuth2Error.METHOD_NOT_ALLOWED, "The method is not allowed at this address"),
            406, new ProtocolException(OAuth2Error.NOT_ACCEPTABLE, "The answer is JSON"),
            413, new ProtocolException(OAuth2Error.PAYLOAD_TOO_LARGE, "Payload is too large"),
            415,
                    new ProtocolException(
                            OAuth2Error.UNSUPPORTED_MEDIA_TYPE, "The payload is of an unsupported media type"));

    private final Entropy entropy;

    @Context
    private HttpServletRequest request;

    public ExceptionAnswers(Entropy entropy) {
        this.entropy = entropy;
    }

    @Override
    public Response toResponse(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProtocolException refusal) {
                return answer(refusal);
            }
            if (cause instanceof JDBCConnectionException || cause instanceof AuditUnavailableException) {
                LOG.log(System.Logger.Level.WARNING, "A request was refused: the database is away");
                return builder(OAuth2Error.TEMPORARILY_UNAVAILABLE, TEMPORARY)
                        .header(HttpHeaders.RETRY_AFTER, RETRY_SECONDS)
                        .build();
            }
        }
        if (thrown instanceof WebApplicationException http) {
            int status = http.getResponse().getStatus();
            if (status == OAuth2Error.UNSUPPORTED_MEDIA_TYPE.status() && isWithoutPayload()) {
                return answer(ProtocolException.invalidRequest("Payload is required"));
            }
            if (status < 500) {
                return answer(HTTP.getOrDefault(status, ProtocolException.invalidRequest("The request is malformed")));
            }
        }
        return unexpected(thrown);
    }

    /** Nothing was sent, so it is not of a wrong type either. */
    private boolean isWithoutPayload() {
        return request != null && request.getContentType() == null && request.getContentLengthLong() <= 0;
    }

    private Response unexpected(Throwable thrown) {
        var requestId = entropy.uuid();
        LOG.log(System.Logger.Level.ERROR, "Unexpected failure, request id " + requestId, thrown);
        return builder(OAuth2Error.SERVER_ERROR, "The request failed unexpectedly; request id " + requestId)
                .build();
    }

    private static Response answer(ProtocolException refusal) {
        var answer = builder(refusal.code(), refusal.description());
        if (refusal.code() == OAuth2Error.INVALID_TOKEN) {
            answer.header(
                    HttpHeaders.WWW_AUTHENTICATE,
                    "Bearer error=\"invalid_token\", error_description=\"" + refusal.description() + "\"");
        } else if (refusal.code() == OAuth2Error.INVALID_CLIENT) {
            answer.header(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"countersign\"");
        }
        refusal.retryAfter().ifPresent(wait -> answer.header(HttpHeaders.RETRY_AFTER, Math.max(1, wait.toSeconds())));
        return answer.build();
    }

    private static Response.ResponseBuilder builder(ErrorCode code, String description) {
        return Response.status(code.status())
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(new ErrorAnswer(code.wireName(), description));
    }
}

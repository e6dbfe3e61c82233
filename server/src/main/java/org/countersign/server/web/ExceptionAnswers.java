package org.countersign.server.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.CscError;
import org.countersign.core.error.ErrorCode;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.WalletError;
import org.countersign.server.audit.AuditUnavailableException;
import org.countersign.server.logging.ContextLogger;
import org.hibernate.exception.JDBCConnectionException;

/**
 * The one mapper: whatever is thrown becomes an answer in the form of the address, which by default is
 * {@code {"error", "error_description"}}. What nobody expected is answered
 * {@code server_error} with a request id and logged once under it; never a stack trace, a class name or a page of HTML.
 */
@Provider
public final class ExceptionAnswers implements ExceptionMapper<Throwable> {

    /** The attribute of a refused request that has the name of its error code, whatever form the answer has. */
    public static final String REFUSED = ExceptionAnswers.class.getName() + ".refused";

    private static final System.Logger LOG = ContextLogger.of(ExceptionAnswers.class);
    private static final String TEMPORARY = "The service is temporarily unavailable";
    private static final String RETRY_SECONDS = "2";
    private static final long OUTAGE_LOG_NANOS = 10_000_000_000L;
    private static final Map<Integer, ProtocolException> HTTP = Map.of(
            404, new ProtocolException(OAuth2Error.NOT_FOUND, "There is nothing at this address"),
            405, new ProtocolException(OAuth2Error.METHOD_NOT_ALLOWED, "The method is not allowed at this address"),
            406, new ProtocolException(OAuth2Error.NOT_ACCEPTABLE, "The answer is JSON"),
            413, new ProtocolException(OAuth2Error.PAYLOAD_TOO_LARGE, "Payload is too large"),
            415,
                    new ProtocolException(
                            OAuth2Error.UNSUPPORTED_MEDIA_TYPE, "The payload is of an unsupported media type"));

    private final Entropy entropy;
    private final ErrorForm form;
    private final AtomicLong nextOutageLog = new AtomicLong(System.nanoTime());

    public ExceptionAnswers(Entropy entropy, ErrorForm form) {
        this.entropy = entropy;
        this.form = form;
    }

    @Override
    public Response toResponse(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProtocolException refusal) {
                return answer(refusal);
            }
            if (isOutage(cause)) {
                logOutage();
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

    /** Not for each of the many requests that an outage refuses. */
    private void logOutage() {
        long now = System.nanoTime();
        long next = nextOutageLog.get();
        if (now - next >= 0 && nextOutageLog.compareAndSet(next, now + OUTAGE_LOG_NANOS)) {
            LOG.log(System.Logger.Level.WARNING, "Requests are refused: the database is away");
        }
    }

    /** Nothing was sent, so it is not of a wrong type either. */
    private static boolean isWithoutPayload() {
        var request = CurrentRequest.get();
        return request != null && request.getContentType() == null && request.getContentLengthLong() <= 0;
    }

    private static boolean isOutage(Throwable cause) {
        return cause instanceof JDBCConnectionException
                || cause instanceof AuditUnavailableException
                || cause instanceof SQLTransientConnectionException
                // SQL:2016 class 08, connection exception, and PostgreSQL's 57P, shutting down: what the driver says
                || cause instanceof SQLException sql
                        && sql.getSQLState() != null
                        && (sql.getSQLState().startsWith("08")
                                || sql.getSQLState().startsWith("57P"));
    }

    private Response unexpected(Throwable thrown) {
        var requestId = entropy.uuid();
        LOG.log(System.Logger.Level.ERROR, "Unexpected failure, request id " + requestId, thrown);
        return builder(OAuth2Error.SERVER_ERROR, "The request failed unexpectedly; request id " + requestId)
                .build();
    }

    private Response answer(ProtocolException refusal) {
        var request = CurrentRequest.get();
        if (request != null && LOG.isLoggable(System.Logger.Level.DEBUG)) {
            // The address without its query, still encoded; what callers sent is not repeated.
            LOG.log(
                    System.Logger.Level.DEBUG,
                    request.getMethod() + " " + request.getRequestURI() + " is refused: "
                            + refusal.code().status() + " " + refusal.code().wireName() + ", "
                            + refusal.description());
        }
        var answer = builder(refusal.code(), refusal.description());
        if (refusal.code() == OAuth2Error.INVALID_TOKEN) {
            answer.header(
                    HttpHeaders.WWW_AUTHENTICATE,
                    "Bearer error=\"invalid_token\", error_description=\"" + refusal.description() + "\"");
        } else if (refusal.code() == OAuth2Error.INVALID_CLIENT || refusal.code() == CscError.NOT_AUTHENTICATED) {
            answer.header(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"countersign\"");
        } else if (refusal.code() instanceof WalletError own && own.asksForProof()) {
            answer.header(HttpHeaders.WWW_AUTHENTICATE, "DPoP error=\"" + own.wireName() + "\", algs=\"ES256\"");
        }
        refusal.retryAfter().ifPresent(wait -> answer.header(HttpHeaders.RETRY_AFTER, Math.max(1, wait.toSeconds())));
        return answer.build();
    }

    private Response.ResponseBuilder builder(ErrorCode code, String description) {
        var request = CurrentRequest.get();
        if (request != null) {
            request.setAttribute(REFUSED, code.wireName());
        }
        return Response.status(code.status())
                .type(form.mediaType(path(request)))
                .entity(form.body(path(request), code, description));
    }

    private static String path(HttpServletRequest request) {
        return request == null
                ? "/"
                : request.getRequestURI().substring(request.getContextPath().length());
    }
}

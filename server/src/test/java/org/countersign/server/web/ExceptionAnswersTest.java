package org.countersign.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.ws.rs.InternalServerErrorException;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.hibernate.exception.JDBCConnectionException;
import org.junit.jupiter.api.Test;

class ExceptionAnswersTest {

    private final ExceptionAnswers answers = new ExceptionAnswers(Entropy.system(), ErrorForm.OAUTH2);

    private Response answer(Throwable thrown, int status, String error, String description) {
        var response = answers.toResponse(thrown);
        assertThat(response.getStatus()).isEqualTo(status);
        assertThat(response.getMediaType()).hasToString("application/json");
        assertThat(response.getEntity()).isEqualTo(new ErrorAnswer(error, description));
        return response;
    }

    @Test
    void a_refusal_is_answered_as_it_says_also_when_wrapped() {
        var refusal = ProtocolException.invalidRequest("Payload is required");
        answer(refusal, 400, "invalid_request", "Payload is required");
        answer(new ProcessingException(new RuntimeException(refusal)), 400, "invalid_request", "Payload is required");
    }

    @Test
    void an_invalid_token_challenges_with_bearer_and_an_invalid_client_with_basic() {
        var token = answer(
                new ProtocolException(OAuth2Error.INVALID_TOKEN, "Token has expired"),
                401,
                "invalid_token",
                "Token has expired");
        assertThat(token.getHeaderString("WWW-Authenticate"))
                .isEqualTo("Bearer error=\"invalid_token\", error_description=\"Token has expired\"");
        var client = answer(
                new ProtocolException(OAuth2Error.INVALID_CLIENT, "Bad client credentials"),
                401,
                "invalid_client",
                "Bad client credentials");
        assertThat(client.getHeaderString("WWW-Authenticate")).startsWith("Basic ");
        var checked = answer(
                new ProtocolException(OAuth2Error.UNRECOGNIZED_TOKEN, "Token was not recognized"),
                400,
                "invalid_token",
                "Token was not recognized");
        assertThat(checked.getHeaderString("WWW-Authenticate")).isNull();
    }

    @Test
    void a_wait_is_told_in_seconds_one_at_least() {
        var slow = ProtocolException.retryAfter(OAuth2Error.SLOW_DOWN, "Later", Duration.ofSeconds(90));
        assertThat(answer(slow, 429, "slow_down", "Later").getHeaderString("Retry-After"))
                .isEqualTo("90");
        var soon = ProtocolException.retryAfter(OAuth2Error.SLOW_DOWN, "Later", Duration.ofMillis(1));
        assertThat(answers.toResponse(soon).getHeaderString("Retry-After")).isEqualTo("1");
    }

    @Test
    void what_the_server_refuses_is_answered_in_the_same_form() {
        answer(new NotFoundException("/etc/passwd"), 404, "not_found", "There is nothing at this address");
        answer(new NotAllowedException("GET"), 405, "invalid_request", "The method is not allowed at this address");
        answer(new NotSupportedException(), 415, "invalid_request", "The payload is of an unsupported media type");
    }

    @Test
    void a_database_that_is_away_is_temporary() {
        var text = "The service is temporarily unavailable";
        var away = new JDBCConnectionException("hunter2", new SQLException("hunter2"));
        assertThat(answer(away, 503, "temporarily_unavailable", text).getHeaderString("Retry-After"))
                .isEqualTo("2");
    }

    @Test
    void a_pool_that_has_no_connection_is_temporary_too() {
        var away = new IllegalStateException("keys", new SQLTransientConnectionException("pool"));
        answer(away, 503, "temporarily_unavailable", "The service is temporarily unavailable");
        var broken = new IllegalStateException("keys", new SQLException("hunter2", "08006"));
        answer(broken, 503, "temporarily_unavailable", "The service is temporarily unavailable");
    }

    @Test
    void what_nobody_expected_tells_a_request_id_and_nothing_else() {
        for (var thrown : new Throwable[] {
            new IllegalStateException("hunter2"), new InternalServerErrorException("hunter2"), new StackOverflowError()
        }) {
            var response = answers.toResponse(thrown);
            assertThat(response.getStatus()).isEqualTo(500);
            assertThat(((ErrorAnswer) response.getEntity()).errorDescription())
                    .matches("The request failed unexpectedly; request id [0-9a-f-]{36}");
        }
    }
}

package org.countersign.core.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorCodeTest {

    private static ErrorCode named(String constant) {
        return Stream.of(OAuth2Error.values(), SignerError.values(), CscError.values())
                .<ErrorCode>flatMap(Stream::of)
                .filter(code -> code.toString().equals(constant))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "INVALID_REQUEST,         invalid_request,         400",
        "INVALID_CLIENT,          invalid_client,          401",
        "INVALID_SCOPE,           invalid_scope,           400",
        "UNSUPPORTED_GRANT_TYPE,  unsupported_grant_type,  400",
        "INVALID_TOKEN,           invalid_token,           401",
        "UNRECOGNIZED_TOKEN,      invalid_token,           400",
        "ACCESS_DENIED,           access_denied,           403",
        "NOT_FOUND,               not_found,               404",
        "METHOD_NOT_ALLOWED,      invalid_request,         405",
        "NOT_ACCEPTABLE,          invalid_request,         406",
        "PAYLOAD_TOO_LARGE,       invalid_request,         413",
        "UNSUPPORTED_MEDIA_TYPE,  invalid_request,         415",
        "SLOW_DOWN,               slow_down,               429",
        "SERVER_ERROR,            server_error,            500",
        "TEMPORARILY_UNAVAILABLE, temporarily_unavailable, 503",
        "INVALID_PIN,             invalid_pin,             400",
        "INVALID_OTP,             invalid_otp,             400",
        "INVALID_SAD,             invalid_sad,             400",
        "CONFLICT,                conflict,                409",
        "APPROVAL_REFUSED,        approval_refused,        403",
        "ENROLMENT_FAILED,        enrolment_failed,        502",
        "CREDENTIAL_LOCKED,       credential_locked,       403",
        "AUTHENTICATION_ERROR,    authentication_error,    400",
        "NOT_AUTHENTICATED,       invalid_request,         401",
        "INVALID_AUTHENTICATION_DATA, invalid_authentication_data, 400",
        "INVALID_GRANT,           invalid_grant,           400",
        "NOT_IMPLEMENTED,         not_implemented,         501"
    })
    void a_code_has_its_name_on_the_wire_and_its_status(String constant, String wireName, int status) {
        assertThat(named(constant).wireName()).isEqualTo(wireName);
        assertThat(named(constant).status()).isEqualTo(status);
    }

    @Test
    void no_code_is_left_out_above() {
        assertThat(OAuth2Error.values().length + SignerError.values().length + CscError.values().length)
                .isEqualTo(27);
    }

    @Test
    void a_refusal_carries_code_description_and_wait_and_no_stack_trace() {
        var refusal = ProtocolException.retryAfter(OAuth2Error.SLOW_DOWN, "Later", Duration.ofSeconds(9));
        assertThat(refusal.code()).isEqualTo(OAuth2Error.SLOW_DOWN);
        assertThat(refusal.description()).isEqualTo("Later");
        assertThat(refusal.retryAfter()).contains(Duration.ofSeconds(9));
        assertThat(refusal.getStackTrace()).isEmpty();
        assertThat(ProtocolException.accessDenied().retryAfter()).isEmpty();
    }
}

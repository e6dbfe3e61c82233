package org.countersign.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainerRefusalsTest {

    @ParameterizedTest
    @CsvSource({"400, invalid_request", "404, not_found", "414, invalid_request", "500, server_error"})
    void everyStatusHasAnAnswerInTheFormOfAllRefusals(int status, String error) throws Exception {
        var answer = new JsonMapper().readTree(ContainerRefusals.body(ErrorForm.OAUTH2, "/", status));

        assertThat(answer.get("error").asText()).isEqualTo(error);
        assertThat(answer.get("error_description").asText()).isNotEmpty();
        assertThat(answer.size()).isEqualTo(2);
    }
}

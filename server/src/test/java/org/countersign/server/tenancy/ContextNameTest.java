package org.countersign.server.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContextNameTest {

    @ParameterizedTest
    @CsvSource({
        "/signer-acme,            signer-acme,      SIGNER_ACME",
        "/signer-company-b--015,  signer-company-b, SIGNER_COMPANY_B",
        "/signer.x_1,             signer.x_1,       SIGNER_X_1",
        "/a--b--c,                a,                A"
    })
    void a_context_is_its_companys_also_during_a_move(String path, String company, String inEnvironment) {
        assertThat(ContextName.ofPath(path).company()).isEqualTo(company);
        assertThat(ContextName.ofPath(path).inEnvironment()).isEqualTo(inEnvironment);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/a/b", "/..%2f", "/a b", "/a$b", "//a"})
    void a_name_that_could_lead_elsewhere_is_refused(String path) {
        assertThatThrownBy(() -> ContextName.ofPath(path)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void the_deployed_name_keeps_its_suffix() {
        assertThat(ContextName.ofPath("/signer-b--015").deployed()).isEqualTo("signer-b--015");
    }
}

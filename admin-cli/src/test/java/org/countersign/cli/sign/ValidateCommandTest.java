package org.countersign.cli.sign;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ValidateCommandTest {

    @Test
    void nothing_but_text_is_printed() {
        assertThat(ValidateCommand.printable("a\u001b[2J\u009b\u202e\u2066\u200f\u2028\u2029\n\u00e4 b"))
                .isEqualTo("a?[2J???????\u00e4 b");
    }

    @Test
    void each_form_has_a_boundary_of_its_own() {
        assertThat(SignerApi.boundary()).isNotEqualTo(SignerApi.boundary()).matches("[a-z0-9-]{30,70}");
    }
}

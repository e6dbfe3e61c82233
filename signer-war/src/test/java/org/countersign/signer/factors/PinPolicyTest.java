package org.countersign.signer.factors;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PinPolicyTest {

    @ParameterizedTest
    @ValueSource(strings = {"1234", "correct horse", "пароль", "😀😀😀😀"})
    void the_default_takes_four_to_sixty_four_characters(String pin) {
        assertThatCode(() -> PinPolicy.DEFAULT.require(pin)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"123", "😀😀😀", "12\n34", "1234\u0000"})
    void anything_shorter_or_with_control_characters_is_refused_without_repeating_it(String pin) {
        assertThatThrownBy(() -> PinPolicy.DEFAULT.require(pin))
                .hasMessageContaining("The PIN must")
                .hasMessageNotContaining(pin);
    }

    @Test
    void none_is_asked_for() {
        assertThatThrownBy(() -> PinPolicy.DEFAULT.require(null)).hasMessageContaining("value is required");
        assertThatThrownBy(() -> PinPolicy.DEFAULT.require("")).hasMessageContaining("value is required");
        assertThatThrownBy(() -> PinPolicy.DEFAULT.require("x".repeat(65))).hasMessageContaining("4 to 64");
    }

    @Test
    void digits_only_means_ascii_digits() {
        var policy = new PinPolicy(4, 8, true);
        assertThatCode(() -> policy.require("0123")).doesNotThrowAnyException();
        assertThatThrownBy(() -> policy.require("12a4")).hasMessageContaining("digits only");
        assertThatThrownBy(() -> policy.require("١٢٣٤")).hasMessageContaining("digits only");
    }
}

package org.countersign.wallet.organisations;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoginTest {

    @Test
    void it_is_kept_in_lower_case() {
        assertThat(Login.parse(" Anna@Example.COM ")).contains(new Login("anna@example.com"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "anna", "@example.com", "anna@", "a@b@c", "anna m@example.com", "ann\u0131@example.com"})
    void what_has_not_the_form_of_an_address_is_none(String text) {
        assertThat(Login.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"guest@example.com", "GUEST@example.com"})
    void a_guest_is_one_by_the_whole_local_part(String text) {
        assertThat(Login.parse(text).orElseThrow().isGuest()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "guests@example.com",
                "guest.anna@example.com",
                "guest+anna@example.com",
                "anna.guest@example.com",
                "anna@guest.example.com"
            })
    void whoever_has_a_name_like_it_is_none(String text) {
        assertThat(Login.parse(text).orElseThrow().isGuest()).isFalse();
    }

    @Test
    void nor_is_what_is_no_address() {
        assertThat(new Login("guest").isGuest()).isFalse();
        assertThat(new Login("").isGuest()).isFalse();
    }
}

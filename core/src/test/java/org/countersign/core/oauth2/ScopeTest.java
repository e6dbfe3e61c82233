package org.countersign.core.oauth2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScopeTest {

    @ParameterizedTest
    @CsvSource({
        "seat:jdoe@acme,                jdoe,      acme",
        "seat:jdoe tenant:acme,         jdoe,      acme",
        "tenant:acme seat:jdoe,         jdoe,      acme",
        "'  seat:jdoe   tenant:acme  ', jdoe,      acme",
        "seat:j@x.org@acme,             j@x.org,   acme",
        "seat:j@x.org tenant:acme,      j@x.org,   acme",
        "seat:jürgen@a.b-c_d,           jürgen,    a.b-c_d"
    })
    void a_seat_and_its_tenant_are_read_and_the_last_at_splits(String text, String seat, String tenant) {
        var scope = Scope.parse(text);
        assertThat(scope.seat()).contains(new SeatName(seat, tenant));
        assertThat(scope).hasToString("seat:" + seat + "@" + tenant);
    }

    @Test
    void none_is_a_scope_without_seat() {
        assertThat(Scope.parse(null).seat()).isEmpty();
        assertThat(Scope.parse("  ").seat()).isEmpty();
        assertThat(Scope.parse("")).hasToString("");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdoe@acme",
                "seat:jdoe",
                "seat:@acme",
                "seat:jdoe@",
                "tenant:acme",
                "seat:a@b seat:c@d",
                "seat:a tenant:b tenant:c",
                "seat:a tenant:b other",
                "seat:a\tb@acme",
                "seat:a\"b@acme",
                "seat:a\\b@acme",
                "seat:jdoe@ac/me",
                "seat:jdoe@ac me",
                "SEAT:jdoe@acme"
            })
    void anything_else_is_an_invalid_scope(String text) {
        assertThatThrownBy(() -> Scope.parse(text))
                .isInstanceOfSatisfying(
                        ProtocolException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(OAuth2Error.INVALID_SCOPE));
    }

    @Test
    void lengths_are_limited() {
        assertThat(Scope.parse("seat:" + "s".repeat(128) + "@" + "t".repeat(64)).seat())
                .isPresent();
        for (var text :
                new String[] {"seat:" + "s".repeat(129) + "@t", "seat:s@" + "t".repeat(65), "seat:s@t" + " ".repeat(300)
                }) {
            assertThatThrownBy(() -> Scope.parse(text)).isInstanceOf(ProtocolException.class);
        }
    }
}

package org.countersign.server.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.countersign.core.entropy.Entropy;
import org.countersign.server.keys.Argon2Cost;
import org.countersign.server.keys.SecretHash;
import org.junit.jupiter.api.Test;

class ClientSecretsTest {

    private static final Entropy ENTROPY = Entropy.system();

    private final ClientSecrets secrets = new ClientSecrets(new SecretHash(new Argon2Cost(8, 1), ENTROPY), ENTROPY);

    @Test
    void a_right_secret_matches_at_first_and_again() {
        var stored = Optional.of(secrets.hash("right"));
        assertThat(secrets.matches(stored, "right")).isTrue();
        assertThat(secrets.matches(stored, "right")).isTrue();
        assertThat(secrets.matches(stored, "wrong")).isFalse();
    }

    @Test
    void what_is_remembered_ends_with_the_stored_hash() {
        var former = Optional.of(secrets.hash("former"));
        assertThat(secrets.matches(former, "former")).isTrue();
        assertThat(secrets.matches(Optional.of(secrets.hash("new")), "former")).isFalse();
    }

    @Test
    void an_unknown_client_matches_nothing() {
        assertThat(secrets.matches(Optional.empty(), "")).isFalse();
        assertThat(secrets.matches(Optional.empty(), "right")).isFalse();
    }
}

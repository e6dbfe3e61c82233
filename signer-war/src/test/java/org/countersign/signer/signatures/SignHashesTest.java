package org.countersign.signer.signatures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.countersign.signer.EnrolledHolder.CALLER;
import static org.countersign.signer.EnrolledHolder.ENTROPY;
import static org.countersign.signer.EnrolledHolder.PIN;

import io.prometheus.metrics.core.metrics.Counter;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.keys.ActivationKey;
import org.countersign.server.keys.KeyAlgorithm;
import org.countersign.server.keys.KeyNotOpenedException;
import org.countersign.server.keys.KeyNotOpenedException.Reason;
import org.countersign.server.keys.KeyVault;
import org.countersign.server.keys.SignatureAlgorithm;
import org.countersign.server.keys.SigningKey;
import org.countersign.signer.EnrolledHolder;
import org.countersign.signer.TestDatabase;
import org.countersign.signer.activation.Activations;
import org.countersign.signer.activation.AuthorizeCredential;
import org.countersign.signer.activation.SadTokens;
import org.countersign.signer.keypairs.Vaults;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signatures by a vault that has not, or can not open, the key when it is asked first. */
class SignHashesTest {

    private static final Duration VALIDITY = Duration.ofMinutes(5);
    private static final byte[] HASH = new byte[32];

    private static TestDatabase postgres;

    @TempDir
    Path folder;

    private final List<RuntimeException> refusals = new ArrayList<>();
    private final Counter counter =
            Counter.builder().name("x").help("x").labelNames("a", "b").build();
    private int asked;
    private EnrolledHolder holder;
    private SadTokens sads;
    private Activations activations;

    @BeforeAll
    static void start() throws Exception {
        postgres = new TestDatabase();
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    @BeforeEach
    void assemble() throws Exception {
        holder = new EnrolledHolder(postgres, folder, "", "pin");
        sads = new SadTokens(new byte[32], ENTROPY, holder.clock);
        activations = new Activations(postgres.database(), holder.clock);
    }

    @AfterEach
    void close() {
        holder.close();
    }

    /** Refuses as often as it is told, and has the key after that. */
    private final class Refusing implements KeyVault {

        private final KeyVault vault = holder.vault();

        @Override
        public PublicKey generate(UUID credentialId, KeyAlgorithm algorithm, ActivationKey activation) {
            throw new UnsupportedOperationException();
        }

        @Override
        public SigningKey open(UUID credentialId, ActivationKey activation) {
            asked++;
            if (!refusals.isEmpty()) {
                throw refusals.remove(0);
            }
            return vault.open(credentialId, activation);
        }

        @Override
        public void destroy(UUID credentialId) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isUsable() {
            return true;
        }
    }

    @Test
    void a_key_that_is_moved_meanwhile_signs() {
        // Once by what this node remembers, once by what it then reads; between those the key goes.
        refusals.add(new KeyNotOpenedException(Reason.ABSENT));
        refusals.add(new KeyNotOpenedException(Reason.NOT_THIS_VAULTS));
        assertThat(sign(activations)).hasSize(1);
        assertThat(asked).isEqualTo(3);
    }

    @Test
    void on_another_node_too_but_not_for_ever() {
        var other = new Activations(postgres.database(), holder.clock);
        refusals.add(new KeyNotOpenedException(Reason.ABSENT));
        assertThat(sign(other)).hasSize(1);
        assertThat(asked).isEqualTo(2);
        refusals.add(new KeyNotOpenedException(Reason.ABSENT));
        refusals.add(new KeyNotOpenedException(Reason.ABSENT));
        assertThatThrownBy(() -> sign(other)).isInstanceOf(KeyNotOpenedException.class);
        refusals.add(new KeyNotOpenedException(Reason.WRONG_ACTIVATION_KEY));
        asked = 0;
        assertThatThrownBy(() -> sign(other)).isInstanceOf(KeyNotOpenedException.class);
        assertThat(asked).as("no move does that").isEqualTo(1);
    }

    @Test
    void a_vault_that_is_away_is_asked_once() {
        refusals.add(new ProtocolException(OAuth2Error.TEMPORARILY_UNAVAILABLE, "away"));
        assertThatThrownBy(() -> sign(activations)).hasMessage("temporarily_unavailable: away");
        assertThat(asked).isEqualTo(1);
    }

    private List<String> sign(Activations signing) {
        var authorized = new AuthorizeCredential(
                        activations,
                        Optional.empty(),
                        holder.credentials,
                        holder.configuration.authorizations(),
                        holder.check,
                        holder.attempts,
                        holder.refusals,
                        holder.usable,
                        sads,
                        VALIDITY,
                        ENTROPY,
                        holder.clock,
                        holder.audit,
                        Counter.builder().name("y").help("y").labelNames("a").build())
                .authorize(
                        CALLER,
                        holder.id.toString(),
                        PIN,
                        null,
                        (credential, configuration) -> new AuthorizeCredential.Wanted(1, List.of(HASH)));
        return new SignHashes(
                        signing,
                        sads,
                        holder.configuration.authorizations(),
                        holder.usable,
                        new Vaults(Map.of("v", new Refusing()), Map.of("acme", "v")),
                        holder.audit,
                        counter)
                .sign(CALLER, holder.id.toString(), authorized.sad(), SignatureAlgorithm.SHA256WITHECDSA, List.of(HASH))
                .signatures();
    }
}

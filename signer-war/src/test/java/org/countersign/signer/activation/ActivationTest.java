package org.countersign.signer.activation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ActivationTest {

    private static final UUID ID = new UUID(1, 1);
    private static final UUID CREDENTIAL = new UUID(2, 2);
    private static final byte[] A = {1};
    private static final byte[] B = {2};
    private static final byte[] C = {3};

    private static Activation of(byte[]... hashes) {
        return Activation.ofHashes(ID, CREDENTIAL, "client", List.of(hashes), Instant.EPOCH);
    }

    @Test
    void each_hash_is_counted_where_it_stands_in_any_order() {
        var activation = of(A, B, A);
        assertThat(activation.take(List.of(B, A)).orElseThrow()).containsExactly(1, 1);
        assertThat(activation.take(List.of(A, A)).orElseThrow()).containsExactly(2, 0);
        assertThat(activation.take(List.of(new byte[] {1})).orElseThrow()).containsExactly(1, 0);
    }

    @Test
    void a_hash_that_was_not_authorized_takes_nothing() {
        assertThat(of(A, B).take(List.of(A, C))).isEmpty();
        assertThat(of(A).take(List.of(new byte[] {1, 0}))).isEmpty();
    }

    @Test
    void scal_1_counts_whatever_is_signed() {
        var activation = Activation.ofNumber(ID, CREDENTIAL, "client", 3, Instant.EPOCH);
        assertThat(activation.take(List.of(A, C)).orElseThrow()).containsExactly(2);
    }

    @Test
    void hashes_left_for_later_are_named_by_an_extension_and_sign_nothing_before() {
        var activation = Activation.ofHashes(ID, CREDENTIAL, "client", List.of(A), 3, Instant.EPOCH);
        assertThat(activation.take(List.of(A)).orElseThrow()).containsExactly(1, 0);
        assertThat(activation.take(List.of(B))).isEmpty();
        assertThat(activation.take(List.of(new byte[0]))).isEmpty();

        var extended = activation.extended(ID, List.of(B), Instant.EPOCH).orElseThrow();
        assertThat(extended.remaining()).containsExactly(1, 1, 1);
        assertThat(extended.take(List.of(A, B)).orElseThrow()).containsExactly(1, 1, 0);
        assertThat(activation.extended(ID, List.of(B, C), Instant.EPOCH)).isPresent();
        assertThat(activation.extended(ID, List.of(B, B, C), Instant.EPOCH)).isEmpty();
    }

    @Test
    void an_extension_adds_no_signature() {
        var activation = of(A, B);
        var extended = activation.extended(ID, List.of(A), Instant.EPOCH).orElseThrow();
        assertThat(extended.remaining()).containsExactly(1, 1);
        assertThat(activation.extended(ID, List.of(A, A), Instant.EPOCH)).isEmpty();
        assertThat(activation.extended(ID, List.of(C), Instant.EPOCH)).isEmpty();

        var signedOnce = Activation.of(ID, CREDENTIAL, "client", new byte[][] {A, B}, new int[] {0, 1}, Instant.EPOCH);
        assertThat(signedOnce.extended(ID, List.of(A), Instant.EPOCH)).isEmpty();
        assertThat(signedOnce
                        .extended(ID, List.of(B), Instant.EPOCH)
                        .orElseThrow()
                        .hashes())
                .isDeepEqualTo(new byte[][] {B});
    }

    @Test
    void with_scal_1_an_extension_has_the_number_that_is_left() {
        var left = Activation.of(ID, CREDENTIAL, "client", new byte[0][], new int[] {2}, Instant.EPOCH);
        assertThat(left.extended(ID, List.of(A), Instant.EPOCH).orElseThrow().remaining())
                .containsExactly(2);
        var none = Activation.of(ID, CREDENTIAL, "client", new byte[0][], new int[] {0}, Instant.EPOCH);
        assertThat(none.isUsedUp()).isTrue();
        assertThat(none.extended(ID, List.of(), Instant.EPOCH)).isEmpty();
    }

    @Test
    void the_binding_tells_hashes_their_borders_client_credential_and_activation_apart() {
        var bindings = List.of(
                of(A, B).binding(),
                of(B, A).binding(),
                of(A).binding(),
                of(new byte[] {1, 2}).binding(),
                Activation.ofHashes(ID, CREDENTIAL, "other", List.of(A, B), Instant.EPOCH)
                        .binding(),
                Activation.ofHashes(ID, ID, "client", List.of(A, B), Instant.EPOCH)
                        .binding(),
                Activation.ofHashes(CREDENTIAL, CREDENTIAL, "client", List.of(A, B), Instant.EPOCH)
                        .binding());
        assertThat(bindings.stream().map(java.nio.ByteBuffer::wrap).distinct()).hasSize(bindings.size());
        assertThat(of(A, B).binding()).isEqualTo(of(A, B).binding());
    }
}

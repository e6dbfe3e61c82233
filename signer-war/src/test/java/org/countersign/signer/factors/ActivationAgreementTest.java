package org.countersign.signer.factors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.countersign.core.entropy.Entropy;
import org.countersign.server.keys.ActivationKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ActivationAgreementTest {

    private static final Entropy ENTROPY = Entropy.system();
    private static final byte[] CREDENTIAL = ENTROPY.bytes(32);

    private final ActivationAgreement agreement = new ActivationAgreement(ENTROPY);
    private final ActivationKey factors = new ActivationKey(ENTROPY.bytes(32));
    private final byte[] publicHalf = agreement.publicHalf(factors);

    @Test
    void the_factors_recover_the_key_that_was_agreed_on_without_them() {
        var agreed = agreement.agree(CREDENTIAL, publicHalf);
        var recovered = agreement.recover(CREDENTIAL, factors, publicHalf, agreed.ephemeral());
        assertThat(recovered.bytes()).isEqualTo(agreed.wrapping().bytes()).isNotEqualTo(factors.bytes());
    }

    @Test
    void other_factors_another_protection_or_another_ephemeral_give_another_key() {
        var agreed = agreement.agree(CREDENTIAL, publicHalf);
        var wrapping = agreed.wrapping().bytes();
        var otherPin = new ActivationKey(ENTROPY.bytes(32));
        assertThat(agreement
                        .recover(CREDENTIAL, otherPin, publicHalf, agreed.ephemeral())
                        .bytes())
                .isNotEqualTo(wrapping);
        assertThat(agreement
                        .recover(ENTROPY.bytes(32), factors, publicHalf, agreed.ephemeral())
                        .bytes())
                .isNotEqualTo(wrapping);
        var again = agreement.agree(CREDENTIAL, publicHalf);
        assertThat(again.wrapping().bytes()).isNotEqualTo(wrapping);
    }

    /** RFC 7748 §6.1: the points that give an all-zero shared secret whatever the private key. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000000",
                "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
            })
    void a_point_of_small_order_is_refused(String point) {
        var small = HexFormat.of().parseHex(point);
        assertThatThrownBy(() -> agreement.agree(CREDENTIAL, small)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> agreement.recover(CREDENTIAL, factors, publicHalf, small))
                .isInstanceOf(IllegalStateException.class);
    }
}

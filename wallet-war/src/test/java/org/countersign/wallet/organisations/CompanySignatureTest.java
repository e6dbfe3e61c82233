package org.countersign.wallet.organisations;

import static org.assertj.core.api.Assertions.assertThat;

import org.countersign.wallet.organisations.CompanySignature.Did;
import org.countersign.wallet.organisations.CompanySignature.HeldKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompanySignatureTest {

    private static final String HEX = "0xf3beac30c498d9e26865f34fcaa57dbb935b0d74";

    @ParameterizedTest
    @CsvSource({
        "did:ethr:mainnet:" + HEX + ", #controller",
        "did:web:wallet.example.com%3A8443:acme, #key-1",
        "did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169, #zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169"
    })
    void a_did_and_a_method_of_its_own(String did, String fragment) {
        var parsed = Did.parse(did, did + fragment).orElseThrow();
        assertThat(parsed.claims()).containsOnlyKeys("did", "vm").containsEntry("vm", did + fragment);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "none, did:web:a#k",
                "did:web:a, none",
                "did:web:a, did:web:a",
                "did:web:a, did:web:a#",
                "did:web:a, did:web:b#k",
                "did:web:a, did:web:ab#k",
                "did:web:a, 'did:web:a#k k'",
                "did:web:a, did:web:a#k#l",
                "did:WEB:a, did:WEB:a#k",
                "did:web:, did:web:#k",
                "did:web:a/b, did:web:a/b#k",
                "did:web:%zz, did:web:%zz#k",
                "did:web:a:, did:web:a:#k",
                "https://a, https://a#k"
            })
    void anything_else_is_none(String did, String vm) {
        assertThat(Did.parse(did, vm)).isEmpty();
    }

    @Test
    void neither_is_what_is_too_long() {
        var did = "did:web:" + "a".repeat(247);
        assertThat(Did.parse(did, did + "#k")).isEmpty();
        assertThat(Did.parse("did:web:a", "did:web:a#" + "k".repeat(255))).isEmpty();
    }

    @Test
    void a_key_is_known_by_its_thumbprint() {
        assertThat(HeldKey.isKid("A".repeat(43))).isTrue();
        assertThat(HeldKey.isKid("A".repeat(42))).isFalse();
        assertThat(HeldKey.isKid("A".repeat(42) + "\u0000")).isFalse();
        assertThat(HeldKey.isKid(null)).isFalse();
    }

    @Test
    void a_client_is_named_in_printable_characters() {
        assertThat(HeldKey.isClientId("https://acme.example.com")).isTrue();
        assertThat(HeldKey.isClientId("")).isFalse();
        assertThat(HeldKey.isClientId("a\u0000")).isFalse();
        assertThat(HeldKey.isClientId("a".repeat(255))).isFalse();
        assertThat(HeldKey.isClientId(null)).isFalse();
    }
}

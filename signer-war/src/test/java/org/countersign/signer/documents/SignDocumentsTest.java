package org.countersign.signer.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.junit.jupiter.api.Test;

class SignDocumentsTest {

    @Test
    void what_fails_after_the_hash_was_signed_is_no_fault_of_the_document() {
        for (var failure : new RuntimeException[] {
            new IllegalStateException("no list of the time stamp's issuer"), ProtocolException.invalidRequest("revoked")
        }) {
            assertThatThrownBy(() -> SignDocuments.afterwards(() -> {
                        throw failure;
                    }))
                    .isInstanceOfSatisfying(
                            ProtocolException.class,
                            refusal -> assertThat(refusal.code()).isEqualTo(OAuth2Error.TEMPORARILY_UNAVAILABLE))
                    .hasMessageContaining("The hash was signed");
        }
    }
}

package org.countersign.wallet.attestations;

import java.util.Optional;

/**
 * What a wallet signed with its attested key: form, signature, audience and time were found right. Neither was its challenge taken nor
 * its PIN compared.
 *
 * @param challenge of the provider, when it has one
 * @param saltedPin {@code salted_pin_code}, a hash
 */
public record AttestationProof(AttestedClient client, Optional<String> challenge, String saltedPin) {

    /** Leaves the salted PIN out. */
    @Override
    public String toString() {
        return "a proof of possession";
    }
}

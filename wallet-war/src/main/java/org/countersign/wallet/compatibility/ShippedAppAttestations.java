package org.countersign.wallet.compatibility;

import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.countersign.core.jose.P256PublicKey;
import org.countersign.server.issuing.SigningKeys;
import org.countersign.server.persistence.Statements;
import org.countersign.wallet.initialisation.WalletAttestations;
import org.countersign.wallet.statuslists.BitOrder;
import org.countersign.wallet.statuslists.StatusLists;

/**
 * Attestations for the shipped app, which asks for one before anybody knows whose wallet it is. Each has a place in the status lists of
 * its own, which the wallet takes if it begins. The order of their list's bits tells them from other wallets' attestations.
 */
final class ShippedAppAttestations {

    private static final String NEXT_PLACE = "select nextval('wallet_status_index_seq')";

    private final SigningKeys keys;
    private final WalletAttestations attestations;
    private final StatusLists lists;
    private final Statements statements;
    private final Clock clock;

    ShippedAppAttestations(
            SigningKeys keys, WalletAttestations attestations, StatusLists lists, Statements statements, Clock clock) {
        this.keys = keys;
        this.attestations = attestations;
        this.lists = lists;
        this.statements = statements;
        this.clock = clock;
    }

    /**
     * One that this provider signed.
     *
     * @param statusIndex its place in the status lists
     */
    record Attestation(P256PublicKey key, long statusIndex) {}

    String sign(P256PublicKey key) {
        long place = statements
                .first(NEXT_PLACE, statement -> {}, row -> row.getLong(1))
                .orElseThrow();
        return attestations.signOwn(key, lists.reference(place, BitOrder.MOST_FIRST));
    }

    /** @return nothing for what this provider did not sign as such, and what has expired */
    Optional<Attestation> verify(String text) {
        return keys.verify(WalletAttestations.TYPE, text)
                .filter(claims -> claims.get("exp") instanceof Number expiry
                        && clock.instant().getEpochSecond() < expiry.longValue())
                .flatMap(this::attestation);
    }

    /** The same of any that there ever was: the app keeps its first one for as long as it lives. */
    Optional<Attestation> verifyHoweverOld(String text) {
        return keys.verifyHoweverOld(WalletAttestations.TYPE, text).flatMap(this::attestation);
    }

    private Optional<Attestation> attestation(Map<String, Object> claims) {
        var index = claims.get("status") instanceof Map<?, ?> status
                ? lists.index(status.get("status_list"), BitOrder.MOST_FIRST)
                : OptionalLong.empty();
        return claims.get("cnf") instanceof Map<?, ?> cnf
                        && cnf.get("jwk") instanceof Map<?, ?> jwk
                        && index.isPresent()
                ? P256PublicKey.of(jwk).map(key -> new Attestation(key, index.getAsLong()))
                : Optional.empty();
    }
}

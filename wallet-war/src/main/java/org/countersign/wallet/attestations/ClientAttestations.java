package org.countersign.wallet.attestations;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.countersign.core.jose.Base64Url;
import org.countersign.core.jose.P256PublicKey;
import org.countersign.core.specification.AttestationBasedClientAuthentication;
import org.countersign.server.issuing.SigningKeys;
import org.countersign.wallet.statuslists.BitOrder;
import org.countersign.wallet.statuslists.StatusLists;

/**
 * Signs what a wallet shows to servers in the form of today's standard, and knows it again. The client is the wallet itself: its
 * identifier is the thumbprint of its attestation key. Unlike the other form it says nothing of how well the device keeps that key.
 */
public final class ClientAttestations {

    private static final int LONGEST = 4_096;
    private static final String STATUS = "status_list";

    private final SigningKeys keys;
    private final URI issuer;
    private final StatusLists lists;
    private final Duration validity;
    private final Clock clock;

    public ClientAttestations(SigningKeys keys, URI issuer, StatusLists lists, Duration validity, Clock clock) {
        this.keys = keys;
        this.issuer = issuer;
        this.lists = lists;
        this.validity = validity;
        this.clock = clock;
    }

    /**
     * A compact JWS.
     *
     * @param key the wallet's attestation key
     * @param statusIndex the wallet's place in the status lists, none of a guest's
     */
    public String sign(P256PublicKey key, OptionalLong statusIndex) {
        long now = clock.instant().getEpochSecond();
        var claims = new LinkedHashMap<String, Object>();
        claims.put("iss", issuer.toString());
        claims.put("sub", Base64Url.encode(key.thumbprint()));
        claims.put("cnf", Map.of("jwk", key.jwk()));
        statusIndex.ifPresent(index -> claims.put("status", Map.of(STATUS, lists.reference(index))));
        claims.put("iat", now);
        claims.put("exp", now + validity.toSeconds());
        return keys.sign(AttestationBasedClientAuthentication.ATTESTATION_TYPE, claims);
    }

    /** @return nothing for what this provider did not sign as such, what has expired, and what is a guest's */
    Optional<AttestedClient> verify(String text) {
        if (text.length() > LONGEST) {
            return Optional.empty();
        }
        return keys.verify(AttestationBasedClientAuthentication.ATTESTATION_TYPE, text)
                .filter(claims -> claims.get("exp") instanceof Number expiry
                        && clock.instant().getEpochSecond() < expiry.longValue())
                .flatMap(this::client);
    }

    private Optional<AttestedClient> client(Map<String, Object> claims) {
        var index = claims.get("status") instanceof Map<?, ?> status
                ? lists.index(status.get(STATUS), BitOrder.LEAST_FIRST)
                : OptionalLong.empty();
        return claims.get("cnf") instanceof Map<?, ?> cnf
                        && cnf.get("jwk") instanceof Map<?, ?> jwk
                        && claims.get("sub") instanceof String id
                        && index.isPresent()
                ? P256PublicKey.of(jwk).map(key -> new AttestedClient(id, key, index.getAsLong()))
                : Optional.empty();
    }
}

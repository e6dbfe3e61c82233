package org.countersign.wallet.attestations;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.countersign.core.jose.CompactJws;
import org.countersign.core.jose.Es256;
import org.countersign.core.oauth2.JwtTime;
import org.countersign.core.specification.AttestationBasedClientAuthentication;
import org.countersign.wallet.assertions.Assertion;

/**
 * Verifies how a wallet shows its attestation to this provider: the attestation first, then the proof of possession of its key, which
 * here has the PIN too. The challenge makes it good once, in place of a memory of {@code jti}.
 */
public final class AttestationProofs {

    private static final Duration LIFE = Duration.ofSeconds(10);
    private static final Duration SKEW = Duration.ofSeconds(5);
    private static final Pattern ID = Pattern.compile("[!-~]{8,128}");

    private final ClientAttestations attestations;
    private final String audience;
    private final Clock clock;
    private final Es256 es256;

    /** @param audience the context's public address */
    public AttestationProofs(ClientAttestations attestations, URI audience, Clock clock, Es256 es256) {
        this.attestations = attestations;
        this.audience = audience.toString();
        this.clock = clock;
        this.es256 = es256;
    }

    /**
     * @param shown the values of the header {@code OAuth-Client-Attestation}
     * @param proofs the values of the header {@code OAuth-Client-Attestation-PoP}
     * @param clientId the parameter {@code client_id}, which may be left out
     * @return nothing when anything is wrong with them
     */
    public Optional<AttestationProof> verify(List<String> shown, List<String> proofs, Optional<String> clientId) {
        if (shown.size() != 1 || proofs.size() != 1) {
            return Optional.empty();
        }
        return attestations
                .verify(shown.get(0))
                .filter(client -> clientId.isEmpty() || clientId.get().equals(client.id()))
                .flatMap(client -> CompactJws.verify(
                                proofs.get(0), AttestationBasedClientAuthentication.POP_TYPE, client.key(), es256)
                        .filter(claims -> isForHere(claims, client))
                        .filter(claims -> isOfNow(claims, clock.instant()))
                        .flatMap(claims -> proof(client, claims)));
    }

    /** For this provider and nobody beside; {@code iss} is of earlier drafts. */
    private boolean isForHere(Map<String, Object> claims, AttestedClient client) {
        return (audience.equals(claims.get("aud")) || List.of(audience).equals(claims.get("aud")))
                && client.id().equals(claims.getOrDefault("iss", client.id()))
                && claims.get("jti") instanceof String jti
                && ID.matcher(jti).matches();
    }

    private static boolean isOfNow(Map<String, Object> claims, Instant now) {
        var expiry = JwtTime.of(claims.get("exp"));
        return JwtTime.of(claims.get("iat"))
                .filter(issued -> !issued.isAfter(now.plus(SKEW))
                        && now.isBefore(issued.plus(LIFE).plus(SKEW)))
                .filter(issued -> JwtTime.hasBegun(claims, now.plus(SKEW)))
                .filter(issued -> !claims.containsKey("exp")
                        || expiry.isPresent() && now.isBefore(expiry.get().plus(SKEW)))
                .isPresent();
    }

    private static Optional<AttestationProof> proof(AttestedClient client, Map<String, Object> claims) {
        var challenge = claims.get(AttestationBasedClientAuthentication.CHALLENGE) instanceof String text
                ? Optional.of(text)
                : Optional.<String>empty();
        return claims.get("salted_pin_code") instanceof String pin && Assertion.isSaltedPin(pin)
                ? Optional.of(new AttestationProof(client, challenge, pin))
                : Optional.empty();
    }
}

package org.countersign.wallet.initialisation;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.jose.Base64Url;
import org.countersign.core.jose.P256PublicKey;
import org.countersign.server.issuing.SigningKeys;
import org.countersign.wallet.attestations.ClientAttestations;
import org.countersign.wallet.certificates.KeyChains;
import org.countersign.wallet.keyattestations.AttestedKey;
import org.countersign.wallet.statuslists.StatusLists;

/**
 * Signs that a wallet is one of this provider and holds an attestation key; and how well the device keeps that key, if what the device
 * says of it was verified.
 */
public final class WalletAttestations {

    /** How long one is good. */
    public static final Duration VALIDITY = Duration.ofHours(23);

    /** {@code typ} of the wallet app's own form. */
    public static final String TYPE = "wallet-attestation+jwt";

    private static final Map<String, Object> ES256 = Map.of("alg_values_supported", List.of("ES256"));
    /** By which wallets fetch credentials (OpenID for Verifiable Credential Issuance §4.1.1). */
    private static final List<String> GRANT_TYPES =
            List.of("authorization_code", "urn:ietf:params:oauth:grant-type:pre-authorized_code");

    private final SigningKeys keys;
    private final KeyChains chains;
    private final URI issuer;
    private final StatusLists lists;
    private final ClientAttestations clients;
    private final Entropy entropy;
    private final Clock clock;

    public WalletAttestations(
            SigningKeys keys,
            KeyChains chains,
            URI issuer,
            StatusLists lists,
            ClientAttestations clients,
            Entropy entropy,
            Clock clock) {
        this.keys = keys;
        this.chains = chains;
        this.issuer = issuer;
        this.lists = lists;
        this.clients = clients;
        this.entropy = entropy;
        this.clock = clock;
    }

    /**
     * Both forms.
     *
     * @param key the wallet's attestation key
     * @param verified what is known of it
     * @param statusIndex the wallet's place in the status lists, none of a guest's
     */
    Attestations sign(P256PublicKey key, Optional<AttestedKey> verified, OptionalLong statusIndex) {
        var reference = statusIndex.isPresent()
                ? Optional.of(lists.reference(statusIndex.getAsLong()))
                : Optional.<Map<String, Object>>empty();
        return new Attestations(signOwn(key, verified, reference), clients.sign(key, statusIndex));
    }

    /**
     * The wallet app's own form alone, of a key of which nothing is known.
     *
     * @param reference to the wallet's place in a status list
     */
    public String signOwn(P256PublicKey key, Map<String, Object> reference) {
        return signOwn(key, Optional.empty(), Optional.of(reference));
    }

    private String signOwn(P256PublicKey key, Optional<AttestedKey> verified, Optional<Map<String, Object>> reference) {
        long now = clock.instant().getEpochSecond();
        var claims = new LinkedHashMap<String, Object>();
        claims.put("iss", issuer.toString());
        claims.put("sub", Base64Url.encode(key.thumbprint()));
        claims.put("jti", entropy.uuid().toString());
        reference.ifPresent(place -> claims.put("status", Map.of("status_list", place)));
        claims.put("cnf", Map.of("jwk", key.jwk()));
        verified.ifPresent(known -> {
            claims.put("key_type", known.keyType());
            known.userAuthentication().ifPresent(way -> claims.put("user_authentication", way));
        });
        claims.put("authorization_endpoint", "openid4vp:");
        claims.put("response_types_supported", List.of("vp_token"));
        claims.put("grant_types_supported", GRANT_TYPES);
        claims.put("vp_formats_supported", Map.of("jwt_vc_json", ES256, "jwt_vp_json", ES256));
        claims.put("iat", now);
        claims.put("exp", now + VALIDITY.toSeconds());
        return keys.signWithCertificate(TYPE, issuer, chains::of, claims);
    }
}

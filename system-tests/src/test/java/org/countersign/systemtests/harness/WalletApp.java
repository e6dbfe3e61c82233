package org.countersign.systemtests.harness;

import java.net.URLDecoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jose4j.lang.HashUtil;

/**
 * A wallet as a phone has it: its keys and PIN, and the calls it makes. What it signs can be changed before, to see what is refused.
 */
public final class WalletApp {

    public static final String PIN = "a".repeat(64);

    private final SignerApi provider;
    private final WalletKey key;
    private final WalletKey attestationKey;
    private final String login;
    private final String password;

    /** @param link of the invitation */
    public WalletApp(SignerApi provider, String link) {
        this.provider = provider;
        this.key = WalletKey.generate();
        this.attestationKey = WalletKey.generate();
        this.login = parameter(link, "login");
        this.password = parameter(link, "password");
    }

    private WalletApp(SignerApi provider, WalletApp other) {
        this.provider = provider;
        this.key = other.key;
        this.attestationKey = other.attestationKey;
        this.login = other.login;
        this.password = other.password;
    }

    /** The same phone at another node. */
    public WalletApp at(SignerApi node) {
        return new WalletApp(node, this);
    }

    public static String parameter(String link, String name) {
        for (var pair : link.substring(link.indexOf('?') + 1).split("&")) {
            if (pair.startsWith(name + "=")) {
                return URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8);
            }
        }
        throw new AssertionError("The link has no " + name);
    }

    public WalletKey key() {
        return key;
    }

    public WalletKey attestationKey() {
        return attestationKey;
    }

    public String login() {
        return login;
    }

    /** The invitation's. */
    public String password() {
        return password;
    }

    public String nonce() {
        return provider.get("/nonce").ok().text("nonce");
    }

    public Answer initialise() {
        return provider.form("/initialisation", initialisation(claims -> {}));
    }

    /** The form. */
    public Map<String, String> initialisation(Consumer<Map<String, Object>> change) {
        var claims = initialisationClaims();
        change.accept(claims);
        return initialisation(key.sign(Map.of("typ", "JWT"), claims), (String) claims.get("nonce"));
    }

    /** The form with this assertion, sent as it is. */
    public Map<String, String> initialisation(String assertion, String nonce) {
        return Map.of("assertion", assertion, "attestation_key_proof", attestationKey.sign(Map.of(), nonce));
    }

    /** Of the assertion. */
    public Map<String, Object> initialisationClaims() {
        var claims = assertion();
        claims.put("iss", key.thumbprint());
        claims.put("cnf", Map.of("jwk", attestationKey.jwk()));
        claims.put("key_attestation", "what the device says of its key");
        claims.put("login", login);
        claims.put("password", password);
        return claims;
    }

    /** Claims of an assertion for the token endpoint. */
    public Map<String, Object> assertion() {
        long now = Instant.now().getEpochSecond();
        var claims = new LinkedHashMap<String, Object>();
        claims.put("iss", login);
        claims.put("sub", login);
        claims.put("aud", Company.WALLET_ISSUER);
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("nonce", nonce());
        claims.put("iat", now);
        claims.put("exp", now + 10);
        claims.put("jwk", key.jwk());
        claims.put("salted_pin_code", PIN);
        return claims;
    }

    /** A token with a proof. */
    public String token() {
        return token(sign(assertion()), List.of(proof("/token", null))).ok().text("access_token");
    }

    public String sign(Map<String, Object> claims) {
        return key.sign(Map.of("typ", "JWT"), claims);
    }

    /** Asks for a token with this PIN and no proof. */
    public Answer tokenWithPin(String saltedPin) {
        var claims = assertion();
        claims.put("salted_pin_code", saltedPin);
        return token(sign(claims), List.of());
    }

    public Answer token(String assertion, List<String> proofs) {
        var body = "grant_type=client_credentials&client_assertion_type="
                + SignerApi.encode("urn:ietf:params:oauth:client-assertion-type:jwt-bearer") + "&client_assertion="
                + assertion;
        var request = provider.request("/token").header("Content-Type", "application/x-www-form-urlencoded");
        proofs.forEach(proof -> request.header("DPoP", proof));
        return Http.send(request.POST(BodyPublishers.ofString(body)));
    }

    /** For the token endpoint, with a fresh challenge: the PIN, and possession of the attestation key. */
    public String attestationProof(Consumer<Map<String, Object>> change) {
        var claims = new LinkedHashMap<String, Object>();
        claims.put("aud", Company.WALLET_ISSUER);
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("iat", Instant.now().getEpochSecond());
        claims.put("challenge", provider.form("/challenge", Map.of()).ok().text("attestation_challenge"));
        claims.put("salted_pin_code", PIN);
        change.accept(claims);
        return attestationKey.sign(Map.of("typ", "oauth-client-attestation-pop+jwt"), claims);
    }

    /** Asks for a token with the attestation in place of an assertion. */
    public Answer attestedToken(String attestation, String attestationProof, List<String> proofs) {
        return attestedToken(
                Map.of("grant_type", "client_credentials"), List.of(attestation), List.of(attestationProof), proofs);
    }

    public Answer attestedToken(
            Map<String, String> form, List<String> attestations, List<String> attestationProofs, List<String> proofs) {
        var request = provider.request("/token");
        attestations.forEach(attestation -> request.header("OAuth-Client-Attestation", attestation));
        attestationProofs.forEach(proof -> request.header("OAuth-Client-Attestation-PoP", proof));
        proofs.forEach(proof -> request.header("DPoP", proof));
        return SignerApi.form(request, form);
    }

    /** @param token that goes along, or null */
    public String proof(String path, String token) {
        return proof(path, token, claims -> {});
    }

    public String proof(String path, String token, Consumer<Map<String, Object>> change) {
        return key.sign(Map.of("typ", "dpop+jwt", "jwk", key.jwk()), proofClaims(path, token, change));
    }

    public static Map<String, Object> proofClaims(String path, String token, Consumer<Map<String, Object>> change) {
        var claims = new HashMap<String, Object>();
        claims.put("htm", "POST");
        claims.put("htu", Company.WALLET_ISSUER + path);
        claims.put("iat", Instant.now().getEpochSecond());
        claims.put("jti", UUID.randomUUID().toString());
        if (token != null) {
            claims.put("ath", digest(token));
        }
        change.accept(claims);
        return claims;
    }

    /** Fetches the configuration with a fresh proof. */
    public Answer update(String token) {
        return update("DPoP " + token, List.of(proof("/update-configuration", token)));
    }

    public Answer update(String authorization, List<String> proofs) {
        var request =
                provider.request("/update-configuration").setHeader("Accept", "application/jwt, application/json");
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        proofs.forEach(proof -> request.header("DPoP", proof));
        return Http.send(request.POST(BodyPublishers.noBody()));
    }

    /** A call with this token and a fresh proof. */
    public Answer call(String path, String token, Map<String, String> form) {
        return call(path, "DPoP " + token, List.of(proof(path, token)), form);
    }

    public Answer call(String path, String authorization, List<String> proofs, Map<String, String> form) {
        var request = provider.request(path).header("Authorization", authorization);
        proofs.forEach(proof -> request.header("DPoP", proof));
        return SignerApi.form(request, form);
    }

    private static String digest(String token) {
        return java.util.Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(
                        HashUtil.getMessageDigest(HashUtil.SHA_256).digest(token.getBytes(StandardCharsets.US_ASCII)));
    }
}

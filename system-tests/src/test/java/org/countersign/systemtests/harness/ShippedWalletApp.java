package org.countersign.systemtests.harness;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/** The wallet app as it was shipped before: one key, and the login and password of its QR code, which it keeps. */
public final class ShippedWalletApp {

    private final SignerApi provider;
    private final WalletKey key;
    private final String login;
    private final String password;

    /** @param link of the invitation */
    public ShippedWalletApp(SignerApi provider, String link) {
        this(provider, WalletKey.generate(), WalletApp.parameter(link, "login"), WalletApp.parameter(link, "password"));
    }

    private ShippedWalletApp(SignerApi provider, WalletKey key, String login, String password) {
        this.provider = provider;
        this.key = key;
        this.login = login;
        this.password = password;
    }

    /** The same phone at another node. */
    public ShippedWalletApp at(SignerApi node) {
        return new ShippedWalletApp(node, key, login, password);
    }

    /** Another phone that has read the same QR code. */
    public ShippedWalletApp anotherPhone() {
        return new ShippedWalletApp(provider, WalletKey.generate(), login, password);
    }

    /** The same phone with what somebody else knows. */
    public ShippedWalletApp withLogin(String otherLogin, String otherPassword) {
        return new ShippedWalletApp(provider, key, otherLogin, otherPassword);
    }

    /** The same phone that has read another QR code. */
    public ShippedWalletApp reading(String link) {
        return withLogin(WalletApp.parameter(link, "login"), WalletApp.parameter(link, "password"));
    }

    public WalletKey key() {
        return key;
    }

    public String login() {
        return login;
    }

    public String password() {
        return password;
    }

    public String nonce() {
        return provider.get("/nonce").ok().text("nonce");
    }

    public String attestation() {
        return attest(claims -> {}).ok().body();
    }

    /** Asks for an attestation. */
    public Answer attest(Consumer<Map<String, Object>> change) {
        return ask(request(change));
    }

    /** What it asks for an attestation with. */
    public String request(Consumer<Map<String, Object>> change) {
        var claims = requestClaims();
        change.accept(claims);
        return key.sign(requestHeader(), claims);
    }

    /** Beside {@code alg}. */
    public Map<String, Object> requestHeader() {
        return Map.of("typ", "wiar+jwt", "kid", thumbprint());
    }

    private String thumbprint() {
        return Base64.getEncoder()
                .withoutPadding()
                .encodeToString(Base64.getUrlDecoder().decode(key.thumbprint()));
    }

    public Map<String, Object> requestClaims() {
        var thumbprint = thumbprint();
        var jwk = new LinkedHashMap<>(key.jwk());
        jwk.put("kid", thumbprint);
        long now = Instant.now().getEpochSecond();
        var claims = new LinkedHashMap<String, Object>();
        claims.put("iss", thumbprint);
        claims.put("wallet", "talao");
        claims.put("aud", "https://wallet-provider.altme.io");
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("nonce", nonce());
        claims.put("cnf", Map.of("jwk", jwk));
        claims.put("iat", now);
        claims.put("exp", now + 1000);
        return claims;
    }

    /** Asks for an attestation with this, which is sent as it is. */
    public Answer ask(String assertion) {
        return SignerApi.form(
                provider.request("/token").setHeader("Accept", "*/*"),
                Map.of("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion", assertion));
    }

    public Answer configuration(String attestation) {
        return call("/configuration", attestation);
    }

    public Answer update(String attestation) {
        return call("/update", attestation);
    }

    private Answer call(String path, String attestation) {
        return call(
                path,
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString((login + ":" + password).getBytes(StandardCharsets.UTF_8)),
                attestation);
    }

    /** @param basic after the scheme */
    public Answer call(String path, String basic, String attestation) {
        return Http.send(provider.request(path)
                .setHeader("Accept", "*/*")
                .header("Authorization", "Basic " + basic)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("grant_type="
                        + SignerApi.encode("urn:ietf:params:oauth:grant-type:jwt-bearer") + "&assertion="
                        + attestation)));
    }
}

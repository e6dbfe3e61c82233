package org.countersign.systemtests.benchmark;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.countersign.systemtests.harness.Company;
import org.countersign.systemtests.harness.WalletApp;
import org.countersign.systemtests.harness.WalletKey;

/** A wallet that was initialised, with its own connection. For one thread at a time. */
final class BenchmarkWallet implements AutoCloseable {

    private static final String FORM = "application/x-www-form-urlencoded";
    private static final int OK = 200;
    private static final Pattern NONCE = Pattern.compile("\"nonce\":\"([A-Za-z0-9_-]{43})\"");
    private static final Pattern TOKEN = Pattern.compile("\"access_token\":\"([^\"]+)\"");

    private final LeanConnection connection;
    private final String login;
    private final WalletKey key;

    BenchmarkWallet(URI context, WalletApp app) throws IOException {
        this(context, app.login(), app.key());
    }

    /** One that is let in nowhere unless the key is that of the login's wallet. */
    BenchmarkWallet(URI context, String login, WalletKey key) throws IOException {
        this.connection = new LeanConnection(context);
        this.login = login;
        this.key = key;
    }

    /** Nonce, token with a proof, configuration with another one. */
    void flow() throws IOException {
        var token = found(TOKEN, require(token()));
        var proof = proof("/update-configuration", token);
        require(connection.send(connection.request(
                "POST",
                "/update-configuration",
                FORM,
                "application/jwt",
                "Authorization: DPoP " + token + "\r\nDPoP: " + proof,
                new byte[0])));
    }

    /**
     * The call for a token of somebody who is refused.
     *
     * @return how long it took, in nanoseconds
     */
    long refused() throws IOException {
        var request = tokenRequest(nonce());
        long begin = System.nanoTime();
        var answer = connection.send(request);
        long time = System.nanoTime() - begin;
        if (answer.status() != 401) {
            throw new IOException("not refused: " + answer);
        }
        return time;
    }

    private LeanConnection.Answer token() throws IOException {
        return connection.send(tokenRequest(nonce()));
    }

    private String nonce() throws IOException {
        return found(
                NONCE,
                require(connection.send(
                        connection.request("GET", "/nonce", FORM, "application/json", "X-None: 0", new byte[0]))));
    }

    private byte[] tokenRequest(String nonce) {
        long now = Instant.now().getEpochSecond();
        var claims = new LinkedHashMap<String, Object>();
        claims.put("iss", login);
        claims.put("sub", login);
        claims.put("aud", Company.WALLET_ISSUER);
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("nonce", nonce);
        claims.put("iat", now);
        claims.put("exp", now + 10);
        claims.put("jwk", key.jwk());
        claims.put("salted_pin_code", WalletApp.PIN);
        var body = "grant_type=client_credentials&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3A"
                + "client-assertion-type%3Ajwt-bearer&client_assertion="
                + key.sign(Map.of("typ", "JWT"), claims);
        return connection.request(
                "POST",
                "/token",
                FORM,
                "application/json",
                "DPoP: " + proof("/token", null),
                body.getBytes(StandardCharsets.US_ASCII));
    }

    private String proof(String path, String token) {
        return key.sign(Map.of("typ", "dpop+jwt", "jwk", key.jwk()), WalletApp.proofClaims(path, token, claims -> {}));
    }

    private static String require(LeanConnection.Answer answer) throws IOException {
        if (answer.status() != OK) {
            throw new IOException("The server answered " + answer.status() + ": " + answer.body());
        }
        return answer.body();
    }

    private static String found(Pattern pattern, String body) throws IOException {
        var matcher = pattern.matcher(body);
        if (!matcher.find()) {
            throw new IOException("The answer is another than expected");
        }
        return matcher.group(1);
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}

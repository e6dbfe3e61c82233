package org.countersign.systemtests.harness;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;

/** Issues tokens for agents, and publishes its key. */
public final class TokenIssuer implements AutoCloseable {

    private final HttpServer server;
    private final PublicJsonWebKey key;

    private TokenIssuer(HttpServer server, PublicJsonWebKey key) {
        this.server = server;
        this.key = key;
    }

    public static TokenIssuer start() throws IOException, JoseException {
        var key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
        key.setKeyId("test");
        var keys = new JsonWebKeySet(key).toJson(OutputControlLevel.PUBLIC_ONLY).getBytes(StandardCharsets.UTF_8);
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/.well-known/jwks.json", exchange -> {
            exchange.sendResponseHeaders(200, keys.length);
            exchange.getResponseBody().write(keys);
            exchange.close();
        });
        server.start();
        return new TokenIssuer(server, key);
    }

    /** {@code iss} of its tokens. */
    public String name() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** @param minutes until its end; negative for one that has ended */
    public String token(List<String> origins, float minutes) throws JoseException {
        var claims = new JwtClaims();
        claims.setIssuer(name());
        claims.setAudience("connector");
        claims.setSubject("test");
        claims.setIssuedAtToNow();
        claims.setExpirationTimeMinutesInTheFuture(minutes);
        claims.setStringListClaim("origins", origins);
        var token = new JsonWebSignature();
        token.setAlgorithmHeaderValue("ES256");
        token.setKeyIdHeaderValue("test");
        token.setKey(key.getPrivateKey());
        token.setPayload(claims.toJson());
        return token.getCompactSerialization();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

package org.countersign.server.issuing;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import org.countersign.server.web.OpenToAll;

/** The public keys (RFC 7517) that verify this context's tokens. */
@Path(".well-known/jwks.json")
@OpenToAll
@Produces(MediaType.APPLICATION_JSON)
public final class JwksResource {

    private final SigningKeys keys;

    public JwksResource(SigningKeys keys) {
        this.keys = keys;
    }

    /** A public key; {@code crv}, {@code x} and {@code y} of an EC one, {@code n} and {@code e} of an RSA one. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Jwk(
            String kty, String kid, String use, String alg, String crv, String x, String y, String n, String e) {

        /** Of the JSON that a key's row has. */
        public static Jwk parse(String json) {
            return of(PublicJwk.members(json));
        }

        static Jwk of(Map<String, Object> jwk) {
            return new Jwk(
                    text(jwk, "kty"),
                    text(jwk, "kid"),
                    text(jwk, "use"),
                    text(jwk, "alg"),
                    text(jwk, "crv"),
                    text(jwk, "x"),
                    text(jwk, "y"),
                    text(jwk, "n"),
                    text(jwk, "e"));
        }

        private static String text(Map<String, Object> jwk, String name) {
            return (String) jwk.get(name);
        }
    }

    /** RFC 7517 §5. */
    public record JwkSet(List<Jwk> keys) {}

    @GET
    public JwkSet jwks() {
        return new JwkSet(keys.publicJwks().stream().map(Jwk::of).toList());
    }
}

package org.countersign.wallet.nonces;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import org.countersign.server.web.ClientAddress;
import org.countersign.server.web.OpenToAll;

/** Nonces, for anybody. */
@Path("")
@OpenToAll
@Produces(MediaType.APPLICATION_JSON)
public final class NonceResource {

    private final Nonces nonces;
    private final ClientAddress addresses;

    public NonceResource(Nonces nonces, ClientAddress addresses) {
        this.nonces = nonces;
        this.addresses = addresses;
    }

    /** @param nonce 32 random bytes in base64url */
    public record Nonce(String nonce) {}

    @GET
    @Path("nonce")
    public Nonce nonce(@Context HttpServletRequest request) {
        return new Nonce(nonces.give(addresses.of(request)));
    }

    /**
     * The same under the names that Attestation-Based Client Authentication has for it.
     *
     * @param nonce 32 random bytes in base64url
     * @param challenge the same
     */
    public record Challenge(
            String nonce,
            @JsonProperty("attestation_challenge") String challenge) {}

    @POST
    @Path("challenge")
    public Challenge challenge(@Context HttpServletRequest request) {
        var nonce = nonces.give(addresses.of(request));
        return new Challenge(nonce, nonce);
    }
}

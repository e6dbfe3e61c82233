package org.countersign.wallet.initialisation;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.countersign.server.web.Form;
import org.countersign.server.web.OpenToAll;
import org.countersign.wallet.assertions.AssertionVerifier;

/** A wallet's begin. Authenticates its callers itself: by the invitation's password. */
@Path("")
@OpenToAll
@Consumes(MediaType.APPLICATION_FORM_URLENCODED)
@Produces(MediaType.APPLICATION_JSON)
public final class InitialisationResource {

    private final InitialiseWallet wallets;

    public InitialisationResource(InitialiseWallet wallets) {
        this.wallets = wallets;
    }

    /** Compact JWSs by the provider; the attestation in both of its forms. */
    public record InitialisationAnswer(
            @JsonProperty("wallet_attestation") String walletAttestation,
            @JsonProperty("client_attestation") String clientAttestation,
            String configuration) {}

    @POST
    @Path("initialisation")
    public InitialisationAnswer initialise(Form parameters) {
        var form = Form.required(parameters);
        var initialised = wallets.initialise(
                form.require("assertion", AssertionVerifier.LONGEST_INITIALISATION),
                form.require("attestation_key_proof"));
        return new InitialisationAnswer(
                initialised.attestations().wallet(), initialised.attestations().client(), initialised.configuration());
    }

    /** The same under its other name. */
    @POST
    @Path("wallet-attestation")
    public InitialisationAnswer walletAttestation(Form parameters) {
        return initialise(parameters);
    }
}

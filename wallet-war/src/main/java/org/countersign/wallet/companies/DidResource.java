package org.countersign.wallet.companies;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.UUID;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.issuing.JwksResource.Jwk;
import org.countersign.server.web.ClientAddress;
import org.countersign.server.web.OpenToAll;
import org.countersign.wallet.nonces.Nonces;

/** DID documents of companies (did:web, Read), for whoever verifies their signatures. */
@Path("organisations/{id}/did.json")
@OpenToAll
public final class DidResource {

    private final CompanyKeys keys;
    private final CompanyDids dids;
    private final Nonces nonces;
    private final ClientAddress addresses;

    public DidResource(CompanyKeys keys, CompanyDids dids, Nonces nonces, ClientAddress addresses) {
        this.keys = keys;
        this.dids = dids;
        this.nonces = nonces;
        this.addresses = addresses;
    }

    /** DID Core 1.0 §5.2. */
    public record VerificationMethod(String id, String type, String controller, Jwk publicKeyJwk) {}

    /**
     * DID Core 1.0 §5.
     *
     * @param verificationMethod the keys that sign, the newest first
     * @param assertionMethod their identifiers
     */
    public record DidDocument(
            @JsonProperty("@context") List<String> context,
            String id,
            List<VerificationMethod> verificationMethod,
            List<String> assertionMethod) {}

    /** That of an organisation without keys, or of none, is not found. Each counts as a nonce of who asks. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public DidDocument document(@PathParam("id") UUID organisation, @Context HttpServletRequest request) {
        nonces.count(addresses.of(request));
        var signing = keys.signing(organisation);
        return dids.web(organisation)
                .filter(did -> !signing.isEmpty())
                .map(did -> CompanyDids.document(did, signing))
                .orElseThrow(() -> new ProtocolException(OAuth2Error.NOT_FOUND, "There is no such DID document"));
    }
}

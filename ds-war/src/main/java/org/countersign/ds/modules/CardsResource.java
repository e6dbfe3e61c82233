package org.countersign.ds.modules;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.countersign.core.cards.AtrPattern;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.ds.applications.Admission;
import org.countersign.ds.envelope.Envelope;
import org.countersign.server.web.ClientAddress;
import org.countersign.server.web.OpenToAll;

/**
 * What cards are, by their answer to reset: everyone's map without a key, and with an application's API key its
 * organisation's own. Of one card both are asked.
 */
@Path("v3_5/atrs")
@Produces(MediaType.APPLICATION_JSON)
@OpenToAll
public final class CardsResource {

    private final Atrs atrs;
    private final Admission admission;
    private final ClientAddress addresses;

    public CardsResource(Atrs atrs, Admission admission, ClientAddress addresses) {
        this.atrs = atrs;
        this.admission = admission;
        this.addresses = addresses;
    }

    /** What a card is. @param atr the pattern that matched */
    public record Card(String atr, List<String> description) {}

    /** A map in force. */
    @GET
    public Response atrs(
            @HeaderParam(ModulesResource.API_KEY) String apiKey,
            @Context HttpServletRequest from,
            @Context Request request) {
        return ModulesResource.map(atrs.inForce(ModulesResource.viewer(admission, addresses, apiKey, from)), request);
    }

    /** What one card is, by the most specific pattern. @param atr 1 to 33 bytes in hexadecimal */
    @GET
    @Path("{atr}")
    public Envelope<Card> card(
            @HeaderParam(ModulesResource.API_KEY) String apiKey,
            @Context HttpServletRequest from,
            @PathParam("atr") String atr) {
        var digits = AtrPattern.atr(atr)
                .orElseThrow(() -> ProtocolException.invalidRequest("atr must be 1 to 33 bytes in hexadecimal"));
        return atrs.find(digits, ModulesResource.viewer(admission, addresses, apiKey, from))
                .map(entry -> Envelope.of(new Card(entry.pattern().text(), entry.descriptions())))
                .orElseThrow(() -> new ProtocolException(OAuth2Error.NOT_FOUND, "The card is not known"));
    }
}

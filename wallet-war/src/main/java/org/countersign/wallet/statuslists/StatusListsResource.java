package org.countersign.wallet.statuslists;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.regex.Pattern;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.specification.TokenStatusList;
import org.countersign.server.web.OpenToAll;

/** Status lists, for whoever verifies attestations. */
@Path("statuslists")
@OpenToAll
public final class StatusListsResource {

    private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,8}");
    private static final String CACHING = "max-age=" + StatusLists.FRESH.toSeconds();

    private final StatusLists lists;

    public StatusListsResource(StatusLists lists) {
        this.lists = lists;
    }

    @GET
    @Path("{id}")
    @Produces(TokenStatusList.MEDIA_TYPE)
    public Response list(@PathParam("id") String id) {
        return list(BitOrder.LEAST_FIRST, id);
    }

    /** The same list for a wallet app that takes the most significant bit of a byte for the first one. */
    @GET
    @Path("msb/{id}")
    @Produces(TokenStatusList.MEDIA_TYPE)
    public Response mostSignificantFirst(@PathParam("id") String id) {
        return list(BitOrder.MOST_FIRST, id);
    }

    private Response list(BitOrder order, String id) {
        var list = Optional.of(id)
                .filter(text -> NUMBER.matcher(text).matches())
                .flatMap(number -> lists.list(order, Long.parseLong(number)))
                .orElseThrow(() -> new ProtocolException(OAuth2Error.NOT_FOUND, "There is no such status list"));
        return Response.ok(list).header(HttpHeaders.CACHE_CONTROL, CACHING).build();
    }
}

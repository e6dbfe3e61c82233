package org.countersign.wallet.compatibility;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.countersign.core.specification.Rfc7523;
import org.countersign.server.web.ClientAddress;
import org.countersign.server.web.Form;
import org.countersign.server.web.OpenToAll;

/** Configurations for the shipped app. Authenticates its callers itself: by password and attestation. */
@Path("")
@OpenToAll
@Consumes(MediaType.APPLICATION_FORM_URLENCODED)
@Produces("application/jwt")
public final class ShippedAppResource {

    /** Of an attestation, in characters: its signer's certificates are in it, twice encoded ({@code KeyChains.LONGEST}). */
    private static final int LONGEST = 65_536;

    private final ShippedApp app;
    private final ClientAddress addresses;

    public ShippedAppResource(ShippedApp app, ClientAddress addresses) {
        this.app = app;
        this.addresses = addresses;
    }

    @POST
    @Path("configuration")
    public String configuration(@Context HttpServletRequest request, Form parameters) {
        return app.begin(
                request.getHeader(HttpHeaders.AUTHORIZATION),
                Form.required(parameters).require(Rfc7523.ASSERTION, LONGEST),
                addresses.of(request));
    }

    @POST
    @Path("update")
    public String update(@Context HttpServletRequest request, Form parameters) {
        return app.update(
                request.getHeader(HttpHeaders.AUTHORIZATION),
                Form.required(parameters).require(Rfc7523.ASSERTION, LONGEST),
                addresses.of(request));
    }
}

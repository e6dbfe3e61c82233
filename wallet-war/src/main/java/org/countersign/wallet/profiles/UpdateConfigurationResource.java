package org.countersign.wallet.profiles;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Collections;
import org.countersign.core.specification.Rfc9449;
import org.countersign.server.web.OpenToAll;
import org.countersign.wallet.tokens.WalletTokens;

/** The configuration, anew. Authenticates its callers itself: by token and proof. */
@Path("update-configuration")
@OpenToAll
public final class UpdateConfigurationResource {

    private static final String PATH = "/update-configuration";

    private final WalletTokens tokens;
    private final WalletConfigurations configurations;

    public UpdateConfigurationResource(WalletTokens tokens, WalletConfigurations configurations) {
        this.tokens = tokens;
        this.configurations = configurations;
    }

    @POST
    @Produces("application/jwt")
    public String update(@Context HttpServletRequest request) {
        var holder = tokens.authenticateLeniently(
                request.getHeader(HttpHeaders.AUTHORIZATION), Collections.list(request.getHeaders(Rfc9449.DPOP)), PATH);
        return configurations.sign(holder.member());
    }
}

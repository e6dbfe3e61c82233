package org.countersign.wallet.companies;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.Collections;
import org.countersign.core.specification.Rfc9449;
import org.countersign.server.web.Form;
import org.countersign.server.web.OpenToAll;
import org.countersign.wallet.tokens.WalletTokens;

/** Signatures by companies' keys, for wallets of legal persons. Authenticates its callers itself: by token and proof. */
@Path("signHash")
@OpenToAll
@Consumes(MediaType.APPLICATION_FORM_URLENCODED)
@Produces(MediaType.APPLICATION_JSON)
public final class SignHashResource {

    private static final String PATH = "/signHash";

    private final WalletTokens tokens;
    private final SignHash signatures;

    public SignHashResource(WalletTokens tokens, SignHash signatures) {
        this.tokens = tokens;
        this.signatures = signatures;
    }

    /** @param message the signature: 64 bytes in base64url, as a JWS by ES256 has it */
    public record SignedHash(@JsonProperty("signed_message") String message) {}

    @POST
    public SignedHash sign(@Context HttpServletRequest request, Form parameters) {
        var wallet = tokens.authenticate(
                        request.getHeader(HttpHeaders.AUTHORIZATION),
                        Collections.list(request.getHeaders(Rfc9449.DPOP)),
                        PATH)
                .requireWallet();
        var form = Form.required(parameters);
        return new SignedHash(signatures.sign(wallet, form.require("message"), form.require("kid")));
    }
}

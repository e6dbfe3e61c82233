package org.countersign.wallet.pins;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Collections;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.specification.Rfc9449;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.web.Form;
import org.countersign.server.web.OpenToAll;
import org.countersign.wallet.assertions.Assertion;
import org.countersign.wallet.tokens.WalletTokens;
import org.countersign.wallet.wallets.Wallets;

/** Another PIN for a wallet. Authenticates its callers itself: by token and proof. */
@Path("update-pin")
@OpenToAll
@Consumes(MediaType.APPLICATION_FORM_URLENCODED)
@Produces(MediaType.APPLICATION_JSON)
public final class UpdatePinResource {

    private static final String PATH = "/update-pin";

    private final WalletTokens tokens;
    private final Wallets wallets;
    private final AuditLog audit;

    public UpdatePinResource(WalletTokens tokens, Wallets wallets, AuditLog audit) {
        this.tokens = tokens;
        this.wallets = wallets;
        this.audit = audit;
    }

    /** @return 200 without a body */
    @POST
    public Response update(@Context HttpServletRequest request, Form parameters) {
        var wallet = tokens.authenticate(
                        request.getHeader(HttpHeaders.AUTHORIZATION),
                        Collections.list(request.getHeaders(Rfc9449.DPOP)),
                        PATH)
                .requireWallet();
        var pin = Form.required(parameters).require("salted_pin_code");
        if (!Assertion.isSaltedPin(pin)) {
            throw ProtocolException.invalidRequest(
                    "salted_pin_code must be a SHA-256 hash in hexadecimal, base64 or base64url");
        }
        if (!wallets.changePin(wallet.id(), pin)) {
            throw WalletTokens.badToken();
        }
        audit.append(AuditEvent.success("wallet.pin-changed")
                .detail("wallet", wallet.id())
                .detail("login", wallet.member().login().text()));
        return Response.ok().build();
    }
}

package org.countersign.wallet.tokens;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.Collections;
import java.util.List;
import org.countersign.core.specification.AttestationBasedClientAuthentication;
import org.countersign.core.specification.Rfc9449;
import org.countersign.server.oauth.OAuthResource.TokenAnswer;
import org.countersign.server.web.Form;
import org.countersign.server.web.OpenToAll;

/** The token endpoint of wallets; operators' clients have {@code oauth/token}. */
@Path("token")
@OpenToAll
@Consumes(MediaType.APPLICATION_FORM_URLENCODED)
@Produces(MediaType.APPLICATION_JSON)
public final class TokenResource {

    private static final String BEARER = "Bearer";

    private final IssueToken issue;

    public TokenResource(IssueToken issue) {
        this.issue = issue;
    }

    @POST
    public TokenAnswer token(@Context HttpServletRequest request, Form parameters) {
        var issued = issue.issue(
                Form.required(parameters),
                new IssueToken.Headers(
                        values(request, Rfc9449.DPOP),
                        values(request, AttestationBasedClientAuthentication.ATTESTATION),
                        values(request, AttestationBasedClientAuthentication.POP)));
        return new TokenAnswer(
                issued.token(), issued.proven() ? Rfc9449.DPOP : BEARER, WalletTokens.VALIDITY.toSeconds(), null);
    }

    private static List<String> values(HttpServletRequest request, String header) {
        return Collections.list(request.getHeaders(header));
    }
}

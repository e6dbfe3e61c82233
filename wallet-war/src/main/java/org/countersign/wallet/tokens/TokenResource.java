package org.countersign.wallet.tokens;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.countersign.core.specification.AttestationBasedClientAuthentication;
import org.countersign.core.specification.Rfc6749;
import org.countersign.core.specification.Rfc7523;
import org.countersign.core.specification.Rfc9449;
import org.countersign.server.oauth.OAuthResource.TokenAnswer;
import org.countersign.server.web.Form;
import org.countersign.server.web.OpenToAll;

/** The token endpoint of wallets; operators' clients have {@code oauth/token}. */
@Path("token")
@OpenToAll
@Consumes(MediaType.APPLICATION_FORM_URLENCODED)
@Produces({MediaType.APPLICATION_JSON, TokenResource.JWT})
public final class TokenResource {

    static final String JWT = "application/jwt";

    private static final String BEARER = "Bearer";

    private final IssueToken issue;
    private final Optional<AttestationGrant> attestations;

    /** @param attestations if the configuration has the compatibility profile */
    public TokenResource(IssueToken issue, Optional<AttestationGrant> attestations) {
        this.issue = issue;
        this.attestations = attestations;
    }

    @POST
    public Response token(@Context HttpServletRequest request, Form parameters) {
        var form = Form.required(parameters);
        return attestations.isPresent() && form.require(Rfc6749.GRANT_TYPE).equals(Rfc7523.GRANT_TYPE)
                ? Response.ok(attestations.get().attest(form), JWT).build()
                : Response.ok(answer(request, form), MediaType.APPLICATION_JSON_TYPE)
                        .build();
    }

    private TokenAnswer answer(HttpServletRequest request, Form form) {
        var issued = issue.issue(
                form,
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

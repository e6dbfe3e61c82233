package org.countersign.wallet.initialisation;

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
import java.util.OptionalLong;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.specification.Rfc9449;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.web.Form;
import org.countersign.server.web.OpenToAll;
import org.countersign.wallet.assertions.Assertion;
import org.countersign.wallet.tokens.WalletTokens;
import org.countersign.wallet.wallets.Wallets;

/** A fresh attestation of a wallet. Authenticates its callers itself: by token and proof. */
@Path("update-attestation")
@OpenToAll
@Consumes(MediaType.APPLICATION_FORM_URLENCODED)
@Produces(MediaType.APPLICATION_JSON)
public final class UpdateAttestationResource {

    private static final String PATH = "/update-attestation";

    private final WalletTokens tokens;
    private final Wallets wallets;
    private final WalletAttestations attestations;
    private final AuditLog audit;

    public UpdateAttestationResource(
            WalletTokens tokens, Wallets wallets, WalletAttestations attestations, AuditLog audit) {
        this.tokens = tokens;
        this.wallets = wallets;
        this.attestations = attestations;
        this.audit = audit;
    }

    /** Compact JWSs by the provider, one for each form. */
    public record AttestationAnswer(
            @JsonProperty("wallet_attestation") String walletAttestation,
            @JsonProperty("client_attestation") String clientAttestation) {}

    /** Of the same key and at the same place in the status lists as before. */
    @POST
    public AttestationAnswer update(@Context HttpServletRequest request, Form parameters) {
        var wallet = tokens.authenticate(
                        request.getHeader(HttpHeaders.AUTHORIZATION),
                        Collections.list(request.getHeaders(Rfc9449.DPOP)),
                        PATH)
                .requireWallet();
        var keyAttestation =
                Form.required(parameters).require("key_attestation", InitialiseWallet.LONGEST_KEY_ATTESTATION);
        if (!Assertion.isText(keyAttestation, InitialiseWallet.LONGEST_KEY_ATTESTATION)) {
            throw ProtocolException.invalidRequest("key_attestation must have 1 to "
                    + InitialiseWallet.LONGEST_KEY_ATTESTATION + " printable characters");
        }
        var attested = wallets.attest(wallet.id(), keyAttestation).orElseThrow(WalletTokens::badToken);
        if (!attested.isGoodEnough()) {
            throw ProtocolException.accessDenied();
        }
        var attestation =
                attestations.sign(attested.key(), attested.verified(), OptionalLong.of(attested.statusIndex()));
        audit.append(AuditEvent.success("wallet.attested")
                .detail("wallet", wallet.id())
                .detail("login", wallet.member().login().text()));
        return new AttestationAnswer(attestation.wallet(), attestation.client());
    }
}

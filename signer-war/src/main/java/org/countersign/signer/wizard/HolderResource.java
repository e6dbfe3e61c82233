package org.countersign.signer.wizard;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.oauth2.SeatName;
import org.countersign.core.x509.CertificateChain;
import org.countersign.server.console.AuditTrail;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Caller;
import org.countersign.server.web.Page;
import org.countersign.signer.configuration.AuthorizationConfigurations;
import org.countersign.signer.credentials.Credential;
import org.countersign.signer.credentials.Credentials;
import org.countersign.signer.factors.AuthorizationConfiguration;
import org.countersign.signer.factors.Factor;

/** What a holder sees of the own seat: its credentials, also those that are being set up, and what was done by it. */
@Path("api/v1/holder")
@Produces(MediaType.APPLICATION_JSON)
public final class HolderResource {

    /** Entries of the audit log may be long. */
    private static final int MOST_ENTRIES = 100;

    private final Credentials credentials;
    private final AuthorizationConfigurations authorizations;
    private final Set<String> enrolling;
    private final AuditTrail trail;

    /** @param enrolling the tenants whose authority can be asked for certificates */
    public HolderResource(
            Credentials credentials,
            AuthorizationConfigurations authorizations,
            Set<String> enrolling,
            AuditTrail trail) {
        this.credentials = credentials;
        this.authorizations = authorizations;
        this.enrolling = Set.copyOf(enrolling);
        this.trail = trail;
    }

    /**
     * A credential of the seat's.
     *
     * @param status as {@code credentials/info} has it
     * @param own whether the caller set it up, and may go on doing so
     * @param otpDelivery absent where there is no OTP
     * @param pinSet whether a factor is set is of interest while the key pair is missing
     * @param key such as {@code RSA_2048}; absent before there is a key pair
     * @param signAlgo the recommended one of the key
     * @param enrolment whether the authority can be asked for its certificate
     * @param subject absent before there is a certificate, as what follows
     */
    public record HolderCredential(
            String credentialId,
            String status,
            String createdAt,
            boolean own,
            String authorizationConfigurationId,
            List<Factor> factors,
            String otpDelivery,
            boolean pinSet,
            boolean otpSet,
            boolean otpConfirmed,
            String key,
            String signAlgo,
            boolean enrolment,
            String subject,
            String issuer,
            String validTo) {}

    /**
     * What was done by the seat, or for it.
     *
     * @param at ISO 8601
     * @param outcome {@code success} or {@code failure}
     * @param client who called; of a sign-in, the person
     */
    public record HistoryEntry(
            String at, String type, String outcome, String client, String credentialId, Map<String, String> details) {

        static HistoryEntry of(AuditTrail.Entry entry) {
            return new HistoryEntry(
                    entry.at().toInstant().toString(),
                    entry.type(),
                    entry.outcome(),
                    entry.client(),
                    entry.credential(),
                    entry.details());
        }
    }

    /** The newest first. */
    @GET
    @Path("credentials")
    public List<HolderCredential> credentials(
            @Context SecurityContext security,
            @QueryParam("page") Integer page,
            @QueryParam("pageSize") Integer pageSize) {
        var caller = Caller.of(security);
        return credentials.everyOf(seat(caller), Page.of(page, pageSize)).stream()
                // One that was begun may have a configuration that is gone from the file: nobody can go on with it.
                .flatMap(credential -> authorizations
                        .find(credential.configurationId())
                        .map(configuration -> describe(caller, credential, configuration))
                        .stream())
                .toList();
    }

    /** The newest first. */
    @GET
    @Path("history")
    public List<HistoryEntry> history(
            @Context SecurityContext security,
            @QueryParam("page") Integer page,
            @QueryParam("pageSize") Integer pageSize) {
        return trail.ofSeat(seat(Caller.of(security)), Page.of(page, pageSize, MOST_ENTRIES)).stream()
                .map(HistoryEntry::of)
                .toList();
    }

    /** Of people alone: what an application does not have to know of the seat it does not learn here. */
    private static SeatName seat(Caller caller) {
        if (!caller.isPerson()) {
            throw ProtocolException.accessDenied();
        }
        caller.require(ApiGroup.LISTER);
        return caller.requireSeat();
    }

    private HolderCredential describe(Caller caller, Credential credential, AuthorizationConfiguration configuration) {
        var chain = credential.chain();
        return new HolderCredential(
                credential.id().toString(),
                credential.status(configuration).wireName(),
                credential.createdAt().toString(),
                credential.createdBy().equals(caller.clientId()),
                configuration.id(),
                configuration.factors().stream().sorted().toList(),
                configuration.asksFor(Factor.OTP) ? configuration.otpDelivery().toString() : null,
                credential.storedPin().isPresent(),
                credential.otpSecret().isPresent(),
                credential.isOtpConfirmed(),
                credential.keyAlgorithm().map(Enum::name).orElse(null),
                credential
                        .keyAlgorithm()
                        .map(algorithm -> algorithm.signatureAlgorithms().get(0).name())
                        .orElse(null),
                enrolling.contains(credential.seat().tenant()),
                chain.map(CertificateChain::subject).orElse(null),
                chain.map(CertificateChain::issuer).orElse(null),
                chain.map(known -> known.endEntity().getNotAfter().toInstant().toString())
                        .orElse(null));
    }
}

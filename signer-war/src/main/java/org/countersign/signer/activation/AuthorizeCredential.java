package org.countersign.signer.activation;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.SignerError;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.oauth.Caller;
import org.countersign.signer.certificates.UsableCertificate;
import org.countersign.signer.configuration.AuthorizationConfigurations;
import org.countersign.signer.credentials.Credential;
import org.countersign.signer.credentials.CredentialEvent;
import org.countersign.signer.credentials.CredentialStatus;
import org.countersign.signer.credentials.Credentials;
import org.countersign.signer.factors.AuthorizationConfiguration;
import org.countersign.signer.factors.CheckFactors;
import org.countersign.signer.factors.Factor;
import org.countersign.signer.factors.FactorAttempts;
import org.countersign.signer.factors.FactorRefusals;
import org.hibernate.SessionFactory;

/** Trades the holder's factors and the hashes for a SAD (seed, "Authorize Credential"). */
public final class AuthorizeCredential {

    private static final String AUTHORIZED = "credential.authorized";

    private final SessionFactory sessions;
    private final Credentials credentials;
    private final AuthorizationConfigurations authorizations;
    private final CheckFactors check;
    private final FactorAttempts attempts;
    private final FactorRefusals refusals;
    private final UsableCertificate usable;
    private final SadTokens sads;
    private final Duration validity;
    private final Entropy entropy;
    private final Clock clock;
    private final AuditLog audit;

    public AuthorizeCredential(
            SessionFactory sessions,
            Credentials credentials,
            AuthorizationConfigurations authorizations,
            CheckFactors check,
            FactorAttempts attempts,
            FactorRefusals refusals,
            UsableCertificate usable,
            SadTokens sads,
            Duration validity,
            Entropy entropy,
            Clock clock,
            AuditLog audit) {
        this.sessions = sessions;
        this.credentials = credentials;
        this.authorizations = authorizations;
        this.check = check;
        this.attempts = attempts;
        this.refusals = refusals;
        this.usable = usable;
        this.sads = sads;
        this.validity = validity;
        this.entropy = entropy;
        this.clock = clock;
        this.audit = audit;
    }

    /**
     * As it comes in.
     *
     * @param numSignature how many signatures, at most the credential's {@code multiSignature}
     * @param hash base64, as many as {@code numSignature}
     */
    public record AuthorizeRequest(
            @JsonAlias("credentialID") String credentialId,
            @JsonAlias("numSignatures") Integer numSignature,
            List<String> hash,
            @JsonProperty("PIN") String pin,
            @JsonProperty("OTP") String otp) {

        @Override
        public String toString() {
            return "authorization of credential " + credentialId;
        }
    }

    /** @param expiresIn in seconds */
    public record AuthorizeAnswer(@JsonProperty("SAD") String sad, long expiresIn) {}

    public AuthorizeAnswer authorize(Caller caller, AuthorizeRequest request) {
        var seat = caller.requireSeat();
        if (request.credentialId() == null || request.credentialId().isEmpty()) {
            throw ProtocolException.invalidRequest("credentialId is required");
        }
        var credential = credentials.requireOf(seat, request.credentialId());
        var configuration = authorizations.of(credential.configurationId());
        var hashes = hashes(request, credential);
        requireReady(credential, configuration);
        usable.require(caller, credential);
        requireSent(configuration, request);
        refusals.requireOpen(AUTHORIZED, caller, credential, configuration);
        var right = compare(caller, credential, configuration, request);
        try (var key = right.activationKey()) {
            var activation = activate(caller, credential, configuration, hashes, right.otpStep());
            audit.append(CredentialEvent.success(AUTHORIZED, caller, credential)
                    .detail("activation", activation.id())
                    .detail("binding", Base64.getEncoder().encodeToString(activation.binding()))
                    .detail("numSignature", hashes.size()));
            var sad = new Sad(
                    activation.id(),
                    caller.clientId(),
                    seat,
                    activation.binding(),
                    key,
                    clock.instant().plus(validity));
            return new AuthorizeAnswer(sads.seal(sad), validity.toSeconds());
        }
    }

    private CheckFactors.Right compare(
            Caller caller, Credential credential, AuthorizationConfiguration configuration, AuthorizeRequest request) {
        try {
            return check.compare(credential, configuration, request.pin(), request.otp());
        } catch (ProtocolException wrong) {
            throw refusals.wrong(AUTHORIZED, caller, credential, configuration.maxFailures(), wrong);
        }
    }

    private Activation activate(
            Caller caller,
            Credential credential,
            AuthorizationConfiguration configuration,
            List<byte[]> hashes,
            long otpStep) {
        var activation = activation(caller, credential.id(), configuration, hashes);
        boolean taken = sessions.fromTransaction(session -> {
            boolean right =
                    attempts.right(session, credential.id(), caller.clientId(), configuration.maxFailures(), otpStep);
            if (right) {
                session.persist(activation);
            }
            return right;
        });
        if (!taken) {
            // Locked or throttled meanwhile, or an OTP that was accepted before: counted like any wrong factor.
            throw refusals.wrong(
                    AUTHORIZED, caller, credential, configuration.maxFailures(), CheckFactors.invalidOtp());
        }
        return activation;
    }

    private Activation activation(
            Caller caller, UUID credentialId, AuthorizationConfiguration configuration, List<byte[]> hashes) {
        var expiresAt = clock.instant().plus(validity);
        return configuration.scal() == 2
                ? Activation.ofHashes(entropy.uuid(), credentialId, caller.clientId(), hashes, expiresAt)
                : Activation.ofNumber(entropy.uuid(), credentialId, caller.clientId(), hashes.size(), expiresAt);
    }

    private static List<byte[]> hashes(AuthorizeRequest request, Credential credential) {
        if (request.numSignature() == null) {
            throw ProtocolException.invalidRequest("numSignature is required");
        }
        if (request.numSignature() < 1) {
            throw ProtocolException.invalidRequest("numSignature must be 1 or more");
        }
        if (request.numSignature() > credential.multiSignature()) {
            throw ProtocolException.invalidRequest("Numbers of signatures is too high");
        }
        var hashes = Hashes.decode(request.hash());
        if (hashes.size() != request.numSignature()) {
            throw ProtocolException.invalidRequest("The number of hashes must be equal to numSignature");
        }
        return hashes;
    }

    private static void requireReady(Credential credential, AuthorizationConfiguration configuration) {
        var status = credential.status(configuration);
        if (status != CredentialStatus.ENABLED && status != CredentialStatus.LOCKED) {
            throw new ProtocolException(SignerError.CONFLICT, "The credential has no certificate yet");
        }
    }

    private static void requireSent(AuthorizationConfiguration configuration, AuthorizeRequest request) {
        if (configuration.asksFor(Factor.PIN)
                && (request.pin() == null || request.pin().isEmpty())) {
            throw ProtocolException.invalidRequest("PIN is required");
        }
        if (configuration.asksFor(Factor.OTP)
                && (request.otp() == null || request.otp().isEmpty())) {
            throw ProtocolException.invalidRequest("OTP is required");
        }
    }
}

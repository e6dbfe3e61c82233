package org.countersign.signer.activation;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.prometheus.metrics.core.metrics.Counter;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.oauth.Caller;
import org.countersign.signer.certificates.UsableCertificate;
import org.countersign.signer.configuration.AuthorizationConfigurations;
import org.countersign.signer.credentials.Credential;
import org.countersign.signer.credentials.CredentialEvent;
import org.countersign.signer.credentials.CredentialState;
import org.countersign.signer.credentials.Credentials;
import org.countersign.signer.factors.AuthorizationConfiguration;
import org.countersign.signer.factors.CheckFactors;
import org.countersign.signer.factors.Factor;
import org.countersign.signer.factors.FactorAttempts;
import org.countersign.signer.factors.FactorRefusals;
import org.countersign.signer.factors.SentFactors;

/** Trades the holder's factors and the hashes for a SAD (seed, "Authorize Credential"). */
public final class AuthorizeCredential {

    public static final String TOO_MANY = "Numbers of signatures is too high";
    public static final String NEEDS_APPROVAL =
            "The credential asks for its holder's approval, which this interface can not wait for";

    private static final String AUTHORIZED = "credential.authorized";
    private static final Set<CredentialState> STATES = Set.of(CredentialState.ACTIVE);

    private final Activations activations;
    private final Optional<AskForApproval> ask;
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
    private final Counter activated;

    /**
     * @param ask where there is a gateway
     * @param activated authorizations given, by authorization configuration
     */
    public AuthorizeCredential(
            Activations activations,
            Optional<AskForApproval> ask,
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
            AuditLog audit,
            Counter activated) {
        this.activations = activations;
        this.ask = ask;
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
        this.activated = activated;
    }

    /**
     * As it comes in.
     *
     * @param numSignature how many signatures, at most the credential's {@code multiSignature}
     * @param hash base64, as many as {@code numSignature}
     * @param description of what is to be signed, for a holder who is asked to approve it
     */
    public record AuthorizeRequest(
            @JsonAlias("credentialID") String credentialId,
            @JsonAlias("numSignatures") Integer numSignature,
            List<String> hash,
            @JsonProperty("PIN") String pin,
            @JsonProperty("OTP") String otp,
            String description) {

        @Override
        public String toString() {
            return "authorization of credential " + credentialId;
        }
    }

    /** A SAD, or what has to wait for the holder's approval first. */
    public sealed interface Authorized permits AuthorizeAnswer, WaitingAnswer {}

    /** @param expiresIn in seconds */
    public record AuthorizeAnswer(@JsonProperty("SAD") String sad, long expiresIn) implements Authorized {}

    /**
     * Nothing is authorized yet: {@link CheckAuthorization} tells when it is.
     *
     * @param expiresIn in seconds, until when the holder may approve
     */
    public record WaitingAnswer(String handle, long expiresIn) implements Authorized {}

    /**
     * What is to be authorized, in no dialect.
     *
     * @param number of signatures
     * @param hashes not more than the number; with SCAL 1 they do not matter
     */
    public record Wanted(int number, List<byte[]> hashes) {}

    /** A request in a dialect of its own, looked at once the credential is known. */
    @FunctionalInterface
    public interface Wish {

        /** @throws ProtocolException when it can not be authorized so */
        Wanted of(Credential credential, AuthorizationConfiguration configuration);
    }

    /** In the seed's dialect, whatever the SCAL: as many hashes as signatures. */
    public Authorized authorize(Caller caller, AuthorizeRequest request) {
        if (request.credentialId() == null || request.credentialId().isEmpty()) {
            caller.requireSeat();
            throw ProtocolException.invalidRequest("credentialId is required");
        }
        return authorizeOrAsk(
                caller,
                request.credentialId(),
                request.pin(),
                request.otp(),
                request.description(),
                (credential, configuration) -> wanted(request, credential));
    }

    /** For an interface that knows no waiting; a credential that asks for its holder's approval is refused. */
    public AuthorizeAnswer authorize(Caller caller, String credentialId, String pin, String otp, Wish wish) {
        var authorized = authorizeOrAsk(caller, credentialId, pin, otp, null, (credential, configuration) -> {
            if (configuration.asksFor(Factor.PUSH)) {
                throw ProtocolException.invalidRequest(NEEDS_APPROVAL);
            }
            return wish.of(credential, configuration);
        });
        return (AuthorizeAnswer) authorized;
    }

    /**
     * @param pin null or empty where none was sent, as the OTP
     * @param description of what is to be signed, for a holder who is asked to approve it; null for none
     * @throws ProtocolException in the words of the constants here, of {@link SentFactors}, of {@link FactorAttempts} and of {@link CheckFactors}
     */
    public Authorized authorizeOrAsk(
            Caller caller, String credentialId, String pin, String otp, String description, Wish wish) {
        var seat = caller.requireSeat();
        var found = credentials.requireToAuthorize(seat, credentialId, attempts.throttle(caller.countedAs()));
        var credential = found.credential();
        var configuration = authorizations.of(credential.configurationId());
        if (caller.isPerson() && configuration.asksFor(Factor.PUSH)) {
            // Refusals would be counted for the client that others share.
            throw ProtocolException.invalidRequest(NEEDS_APPROVAL);
        }
        var wanted = wish.of(credential, configuration);
        credential.requireCertificate();
        credential.requireFactorsOf(configuration);
        refusals.requireState(AUTHORIZED, caller, credential, STATES);
        usable.require(caller, credential);
        SentFactors.require(configuration, pin, otp);
        refusals.requireOpen(AUTHORIZED, caller, credential, configuration, found.throttled());
        var activation = activation(caller, credential.id(), configuration, wanted);
        var question = configuration.asksFor(Factor.PUSH)
                ? ask.map(asking -> asking.question(credential, activation, wanted.number(), description))
                : Optional.<AskForApproval.Question>empty();
        // From here on nothing refuses before the statement that decides: a right factor would be told from a wrong one
        // uncounted.
        var right = compare(caller, credential, configuration, pin, otp);
        try (var key = right.activationKey()) {
            var accepted = attempts.accept(credential, caller.countedAs(), configuration.maxFailures(), right);
            if (configuration.asksFor(Factor.PUSH)) {
                return ask.orElseThrow()
                        .ask(caller, credential, question.orElseThrow(), wanted.number(), description, accepted, key)
                        .orElseThrow(() -> notAccepted(caller, credential, configuration));
            }
            if (!activations.add(activation, credential, accepted)) {
                throw notAccepted(caller, credential, configuration);
            }
            audit.append(CredentialEvent.success(AUTHORIZED, caller, credential)
                    .detail("activation", activation.id())
                    .detail("binding", Base64.getEncoder().encodeToString(activation.binding()))
                    .detail("numSignature", wanted.number()));
            var sad = new Sad(
                    activation.id(),
                    caller.clientId(),
                    seat,
                    activation.binding(),
                    key,
                    clock.instant().plus(validity));
            activated.labelValues(configuration.id()).inc();
            return new AuthorizeAnswer(sads.seal(sad), validity.toSeconds());
        }
    }

    private CheckFactors.Right compare(
            Caller caller, Credential credential, AuthorizationConfiguration configuration, String pin, String otp) {
        try {
            return check.compare(credential, configuration, pin, otp);
        } catch (ProtocolException wrong) {
            throw refusals.wrong(AUTHORIZED, caller, credential, configuration.maxFailures(), wrong);
        }
    }

    private ProtocolException notAccepted(
            Caller caller, Credential credential, AuthorizationConfiguration configuration) {
        var now = credentials.require(credential.id().toString());
        return refusals.notAccepted(AUTHORIZED, caller, credential, now, configuration, STATES);
    }

    private Activation activation(
            Caller caller, UUID credentialId, AuthorizationConfiguration configuration, Wanted wanted) {
        var expiresAt = clock.instant().plus(validity);
        var id = entropy.uuid();
        return configuration.scal() == 2
                ? Activation.ofHashes(id, credentialId, caller.clientId(), wanted.hashes(), wanted.number(), expiresAt)
                : Activation.ofNumber(id, credentialId, caller.clientId(), wanted.number(), expiresAt);
    }

    private static Wanted wanted(AuthorizeRequest request, Credential credential) {
        if (request.numSignature() == null) {
            throw ProtocolException.invalidRequest("numSignature is required");
        }
        if (request.numSignature() < 1) {
            throw ProtocolException.invalidRequest("numSignature must be 1 or more");
        }
        if (request.numSignature() > credential.multiSignature()) {
            throw ProtocolException.invalidRequest(TOO_MANY);
        }
        var hashes = Hashes.decode(request.hash());
        if (hashes.size() != request.numSignature()) {
            throw ProtocolException.invalidRequest("The number of hashes must be equal to numSignature");
        }
        return new Wanted(hashes.size(), hashes);
    }
}

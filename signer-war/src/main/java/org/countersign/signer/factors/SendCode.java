package org.countersign.signer.factors;

import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.SignerError;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.keys.FactorSecrets;
import org.countersign.server.oauth.Caller;
import org.countersign.signer.configuration.AuthorizationConfigurations;
import org.countersign.signer.configuration.CodeSettings;
import org.countersign.signer.credentials.Credential;
import org.countersign.signer.credentials.CredentialEvent;
import org.countersign.signer.credentials.CredentialState;
import org.countersign.signer.credentials.Credentials;
import org.countersign.signer.gateway.Gateway;
import org.countersign.signer.gateway.Gateway.Delivery;

/**
 * Has the gateway take a one-time code to a holder (CSC API 1.0.4.0, credentials/sendOTP). Who the holder is the gateway knows by seat and
 * tenant. The code is in the message and nowhere else: what is stored does not tell it.
 */
public final class SendCode {

    public static final String NOT_SENT = "The OTP of the credential is no code that is sent";
    public static final String TOO_OFTEN = "Codes of this credential were sent too often; try again later";

    /** To authorize signatures. */
    public static final Set<CredentialState> IN_SERVICE = Set.of(CredentialState.ACTIVE);

    /** For acts of the holder: deletion takes the factors in every state. */
    public static final Set<CredentialState> HOLDERS_OWN = Set.copyOf(EnumSet.allOf(CredentialState.class));

    private static final String SENT = "otp.sent";
    private static final int SHOWN = 8;

    private final Optional<Gateway> gateway;
    private final CodeSettings settings;
    private final SentCodes codes;
    private final Credentials credentials;
    private final AuthorizationConfigurations authorizations;
    private final FactorSecrets secrets;
    private final FactorRefusals refusals;
    private final Entropy entropy;
    private final Clock clock;
    private final AuditLog audit;

    /** @param gateway there, where a configuration has codes sent */
    public SendCode(
            Optional<Gateway> gateway,
            CodeSettings settings,
            SentCodes codes,
            Credentials credentials,
            AuthorizationConfigurations authorizations,
            FactorSecrets secrets,
            FactorRefusals refusals,
            Entropy entropy,
            Clock clock,
            AuditLog audit) {
        this.gateway = gateway;
        this.settings = settings;
        this.codes = codes;
        this.credentials = credentials;
        this.authorizations = authorizations;
        this.secrets = secrets;
        this.refusals = refusals;
        this.entropy = entropy;
        this.clock = clock;
        this.audit = audit;
    }

    /** Whether codes are sent to anybody here. */
    public boolean isThere() {
        return authorizations.anySendsCodes();
    }

    /**
     * Sends a new code, which takes the place of the one before.
     *
     * @param states of the credential, in which one is sent
     * @throws ProtocolException not_found; conflict, {@link #NOT_SENT} or in another state; credential_locked; slow_down; temporarily_unavailable
     *     when the gateway did not take it
     */
    public void send(Caller caller, String credentialId, Set<CredentialState> states) {
        var credential = credentials.requireOf(caller.requireSeat(), credentialId);
        var configuration = authorizations.of(credential.configurationId());
        if (!configuration.asksForSentCode()) {
            throw new ProtocolException(SignerError.CONFLICT, NOT_SENT);
        }
        credential.requireCertificate();
        refusals.requireState(SENT, caller, credential, states);
        refusals.requireOpen(SENT, caller, credential, configuration);
        var code = newCode();
        // Whole seconds, as they are hashed.
        var end = clock.instant().plus(settings.validity()).truncatedTo(ChronoUnit.SECONDS);
        var sent = new SentCode(secrets.hashOfCode(credential.id(), code, end), end);
        if (!codes.store(credential, sent, configuration.maxFailures())) {
            throw notStored(caller, credential.id(), configuration, states);
        }
        leave(caller, credential, code, sent);
    }

    private ProtocolException notStored(
            Caller caller, UUID id, AuthorizationConfiguration configuration, Set<CredentialState> states) {
        var now = credentials.require(id.toString());
        refusals.requireState(SENT, caller, now, states);
        refusals.requireOpen(SENT, caller, now, configuration);
        var least = Duration.ofSeconds(1);
        var wait = codes.wait(id).plusMillis(999);
        return refusals.recorded(
                SENT,
                caller,
                now,
                ProtocolException.retryAfter(
                        OAuth2Error.SLOW_DOWN, TOO_OFTEN, wait.compareTo(least) < 0 ? least : wait));
    }

    /** What did not leave, or without its audit entry, is no code. */
    private void leave(Caller caller, Credential credential, String code, SentCode sent) {
        var id = entropy.uuid();
        var delivery = Delivery.UNKNOWN;
        try {
            delivery = gateway.orElseThrow().tell(id, credential.seat(), values(caller, credential, id, code));
        } finally {
            if (delivery != Delivery.TAKEN) {
                codes.withdraw(credential.id(), sent, delivery == Delivery.NOT_TAKEN);
                audit.append(CredentialEvent.failure(SENT, caller, credential).detail("message", id));
            }
        }
        if (delivery != Delivery.TAKEN) {
            throw Gateway.notReached();
        }
        try {
            audit.append(CredentialEvent.success(SENT, caller, credential).detail("message", id));
        } catch (RuntimeException notWritten) {
            codes.withdraw(credential.id(), sent, false);
            throw notWritten;
        }
    }

    private String newCode() {
        int values = (int) Math.pow(10, settings.digits());
        return String.format(
                Locale.ROOT,
                "%0" + settings.digits() + "d",
                entropy.secureRandom().nextInt(values));
    }

    private Map<String, String> values(Caller caller, Credential credential, UUID id, String code) {
        var operation = id.toString().substring(0, SHOWN);
        return Map.of(
                "NUMERO_DE_OPERACION",
                operation,
                "OPERATION_NUMBER",
                operation,
                "CODE",
                code,
                "MINUTES",
                Long.toString(Math.max(1, settings.validity().toMinutes())),
                "CLIENT",
                caller.clientId(),
                "SEAT",
                credential.seat().seat(),
                "TENANT",
                credential.seat().tenant());
    }
}

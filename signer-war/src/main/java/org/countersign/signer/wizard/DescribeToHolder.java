package org.countersign.signer.wizard;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.countersign.core.x509.CertificateChain;
import org.countersign.core.x509.SubjectName;
import org.countersign.server.oauth.Caller;
import org.countersign.signer.credentials.Credential;
import org.countersign.signer.factors.AuthorizationConfiguration;
import org.countersign.signer.factors.Factor;
import org.countersign.signer.factors.PinPolicy;

/** A credential as its holder sees it: how it stands, and what can be done with it. */
public final class DescribeToHolder {

    private final Set<String> enrolling;
    private final Duration expiryWarning;
    private final Clock clock;

    /**
     * @param enrolling the tenants whose authority can be asked for certificates
     * @param expiryWarning how long before a certificate's end it is warned of; zero never
     */
    public DescribeToHolder(Set<String> enrolling, Duration expiryWarning, Clock clock) {
        this.enrolling = Set.copyOf(enrolling);
        this.expiryWarning = expiryWarning;
        this.clock = clock;
    }

    /**
     * A credential of the seat's.
     *
     * @param status as {@code credentials/info} has it
     * @param suspendedBy {@code holder} or {@code administrator}, while it is suspended
     * @param own whether the caller set it up, and may go on doing so
     * @param pinPolicy of a PIN that would be set; absent where there is none
     * @param otpDelivery absent where there is no OTP
     * @param pinSet whether a factor is set is of interest while the key pair is missing
     * @param key such as {@code RSA_2048}; absent before there is a key pair
     * @param signAlgo the recommended one of the key
     * @param enrolment whether the authority can be asked for its certificate
     * @param enrolmentSubject whom that certificate is for, RFC 4514; absent where no authority can be asked
     * @param renewal whether a renewal waits for its certificate
     * @param subject absent before there is a certificate, as what follows
     * @param validity {@code valid}, {@code expiring} from when its end is warned of, {@code expired}
     */
    public record HolderCredential(
            String credentialId,
            String status,
            String suspendedBy,
            String createdAt,
            boolean own,
            String authorizationConfigurationId,
            List<Factor> factors,
            PinPolicy pinPolicy,
            String otpDelivery,
            boolean pinSet,
            boolean otpSet,
            boolean otpConfirmed,
            String key,
            String signAlgo,
            boolean enrolment,
            String enrolmentSubject,
            boolean renewal,
            String subject,
            String issuer,
            String validTo,
            String validity) {}

    private enum Validity {
        VALID,
        EXPIRING,
        EXPIRED;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    HolderCredential describe(Caller caller, Credential credential, AuthorizationConfiguration configuration) {
        var chain = credential.chain();
        var end = chain.map(known -> known.endEntity().getNotAfter().toInstant());
        boolean enrolment = enrolling.contains(credential.seat().tenant());
        return new HolderCredential(
                credential.id().toString(),
                credential.status(configuration).wireName(),
                credential.state().suspendedBy().orElse(null),
                credential.createdAt().toString(),
                credential.createdBy().equals(caller.clientId()),
                configuration.id(),
                configuration.factors().stream().sorted().toList(),
                configuration.asksFor(Factor.PIN) ? configuration.pinPolicy() : null,
                configuration.asksFor(Factor.OTP) ? configuration.otpDelivery().toString() : null,
                credential.storedPin().isPresent(),
                credential.otpSecret().isPresent(),
                credential.isOtpConfirmed(),
                credential.keyAlgorithm().map(Enum::name).orElse(null),
                credential
                        .keyAlgorithm()
                        .map(algorithm -> algorithm.signatureAlgorithms().get(0).name())
                        .orElse(null),
                enrolment,
                enrolment ? commonName(credential) : null,
                credential.isRenewalAsked(),
                chain.map(CertificateChain::subject).orElse(null),
                chain.map(CertificateChain::issuer).orElse(null),
                end.map(Instant::toString).orElse(null),
                end.map(this::validity).map(Validity::wireName).orElse(null));
    }

    private static String commonName(Credential credential) {
        return SubjectName.ofCommonName(credential.seat().toString()).getName(X500Principal.RFC2253);
    }

    private Validity validity(Instant end) {
        var now = clock.instant();
        if (now.isAfter(end)) {
            return Validity.EXPIRED;
        }
        // Zero never warns.
        return now.plus(expiryWarning).isBefore(end) || expiryWarning.isZero() ? Validity.VALID : Validity.EXPIRING;
    }
}

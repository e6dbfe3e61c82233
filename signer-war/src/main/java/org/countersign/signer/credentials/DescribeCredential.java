package org.countersign.signer.credentials;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigInteger;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.x509.CertificateChain;
import org.countersign.server.keys.KeyAlgorithm;
import org.countersign.server.keys.SignatureAlgorithm;
import org.countersign.signer.factors.AuthorizationConfiguration;
import org.countersign.signer.factors.Factor;

/** What a credential is told to be, in the words of CSC API 1.0.4.0 §11.5 (credentials/info). */
public final class DescribeCredential {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Clock clock;

    public DescribeCredential(Clock clock) {
        this.clock = clock;
    }

    /** How much of the chain to show. */
    public enum Certificates {
        NONE,
        SINGLE,
        CHAIN;

        /** @param text {@code none}, {@code single}, {@code chain}, or null for {@code single} */
        public static Certificates parse(String text) {
            if (text == null) {
                return SINGLE;
            }
            return switch (text) {
                case "none" -> NONE;
                case "single" -> SINGLE;
                case "chain" -> CHAIN;
                default -> throw ProtocolException.invalidRequest("certificates must be none, single or chain");
            };
        }
    }

    /** @param algo the OIDs of the signature algorithms the key can make */
    public record Key(String status, List<String> algo, int len, String curve) {}

    /**
     * A chain, shown.
     *
     * @param certificates base64 of DER, end entity first
     * @param validFrom {@code yyyyMMddHHmmssZ}, as {@code validTo}
     */
    public record Cert(
            String status,
            List<String> certificates,
            @JsonProperty("issuerDN") String issuerDn,
            String serialNumber,
            @JsonProperty("subjectDN") String subjectDn,
            String validFrom,
            String validTo) {}

    /** One factor's group. */
    public record Pin(String presence, String label, String description, String format) {}

    /** One factor's group. */
    public record Otp(String presence, String type, String format, String label, String description) {}

    /**
     * A credential.
     *
     * @param suspendedBy {@code holder} or {@code administrator}, while it is suspended
     * @param revokedAt as {@code validFrom} of a {@link Cert}; what an authority says of the certificate is another thing
     * @param pin absent unless {@code authInfo} was asked for
     */
    public record Description(
            String credentialId,
            String status,
            String suspendedBy,
            String revokedAt,
            String revocationReason,
            Key key,
            Cert cert,
            String authMode,
            @JsonProperty("SCAL") String scal,
            @JsonProperty("PIN") Pin pin,
            @JsonProperty("OTP") Otp otp,
            int multisign) {}

    public Description describe(
            Credential credential,
            AuthorizationConfiguration configuration,
            Certificates certificates,
            boolean certInfo,
            boolean authInfo) {
        var status = credential.status(configuration);
        return new Description(
                credential.id().toString(),
                status.wireName(),
                credential.state().suspendedBy().orElse(null),
                credential.revokedAt().map(TIME::format).orElse(null),
                credential.revocationReason().map(RevocationReason::wireName).orElse(null),
                credential
                        .keyAlgorithm()
                        .map(algorithm -> key(algorithm, status))
                        .orElse(null),
                credential
                        .chain()
                        .map(chain -> cert(chain, certificates, certInfo))
                        .orElse(null),
                configuration.type(),
                Integer.toString(configuration.scal()),
                authInfo ? pin(configuration) : null,
                authInfo ? otp(configuration) : null,
                credential.multiSignature());
    }

    private static Key key(KeyAlgorithm algorithm, CredentialStatus status) {
        var oids = new LinkedHashSet<String>();
        algorithm.signatureAlgorithms().stream().map(SignatureAlgorithm::oid).forEach(oids::add);
        return new Key(
                status == CredentialStatus.ENABLED ? "enabled" : "disabled",
                List.copyOf(oids),
                algorithm.bits(),
                algorithm.curve().orElse(null));
    }

    private Cert cert(CertificateChain chain, Certificates wanted, boolean certInfo) {
        var shown = switch (wanted) {
            case NONE -> List.<X509Certificate>of();
            case SINGLE -> List.of(chain.endEntity());
            case CHAIN -> chain.certificates();
        };
        var endEntity = chain.endEntity();
        return new Cert(
                certInfo ? validity(chain) : null,
                shown.isEmpty()
                        ? null
                        : shown.stream().map(DescribeCredential::base64).toList(),
                certInfo ? chain.issuer() : null,
                certInfo ? hex(chain.serialNumber()) : null,
                certInfo ? chain.subject() : null,
                certInfo ? TIME.format(endEntity.getNotBefore().toInstant()) : null,
                certInfo ? TIME.format(endEntity.getNotAfter().toInstant()) : null);
    }

    private String validity(CertificateChain chain) {
        Instant now = clock.instant();
        return now.isAfter(chain.notAfter()) ? "expired" : "valid";
    }

    private static Pin pin(AuthorizationConfiguration configuration) {
        return configuration.asksFor(Factor.PIN)
                ? new Pin(
                        "true",
                        "PIN",
                        "The PIN of the credential",
                        configuration.pinPolicy().digitsOnly() ? "N" : "A")
                : new Pin("false", null, null, null);
    }

    private static Otp otp(AuthorizationConfiguration configuration) {
        if (configuration.asksForSentCode()) {
            return new Otp("true", "online", "N", "OTP", "The code that is sent to the holder");
        }
        return configuration.asksFor(Factor.OTP)
                ? new Otp("true", "offline", "N", "OTP", "The six digits of the holder's authenticator")
                : new Otp("false", null, null, null, null);
    }

    private static String hex(BigInteger serial) {
        return serial.toString(16).toUpperCase(Locale.ROOT);
    }

    private static String base64(X509Certificate certificate) {
        try {
            return Base64.getEncoder().encodeToString(certificate.getEncoded());
        } catch (CertificateEncodingException impossible) {
            throw new IllegalStateException("A certificate does not encode", impossible);
        }
    }
}

package org.countersign.signer.credentials;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.commons.codec.digest.DigestUtils;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.SignerError;
import org.countersign.core.oauth2.SeatName;
import org.countersign.core.x509.CertificateChain;
import org.countersign.server.keys.FactorSecrets;
import org.countersign.server.keys.KeyAlgorithm;
import org.countersign.signer.factors.AuthorizationConfiguration;
import org.countersign.signer.factors.Factor;
import org.countersign.signer.factors.FactorAttempts;
import org.countersign.signer.factors.SentCode;

/**
 * A seat's key pair with its X.509 chain, protected by second factors. This is what was read; every change that must
 * happen once is one conditional statement of {@link Credentials}.
 */
@Entity
@Table(name = "credential")
public class Credential {

    @Id
    @Column(name = "id")
    private UUID id;

    @Column(name = "tenant")
    private String tenant;

    @Column(name = "seat")
    private String seat;

    @Column(name = "created_by")
    private String createdBy;

    @Column(name = "configuration_id")
    private String configurationId;

    @Column(name = "multi_signature")
    private int multiSignature;

    @Column(name = "created_at")
    private Instant createdAt;

    @Column(name = "pin")
    private String storedPin;

    @Column(name = "otp_secret")
    private byte[] otpSecret;

    @Column(name = "otp_confirmed")
    private boolean otpConfirmed;

    @Column(name = "otp_last_step")
    private long otpLastStep;

    @Column(name = "failures")
    private int failures;

    @Column(name = "activation_salt")
    private byte[] activationSalt;

    @Column(name = "activation_public")
    private byte[] activationPublic;

    @Column(name = "activation_ephemeral")
    private byte[] activationEphemeral;

    @Column(name = "key_id")
    private UUID keyId;

    @Column(name = "vault")
    private String vault;

    @Enumerated(EnumType.STRING)
    @Column(name = "key_algorithm")
    private KeyAlgorithm keyAlgorithm;

    @Column(name = "public_key")
    private byte[] publicKey;

    @Column(name = "certificates")
    private byte[][] certificates;

    @Column(name = "issuer")
    private String issuer;

    @Column(name = "subject")
    private String subject;

    @Column(name = "not_after")
    private Instant notAfter;

    @Enumerated(EnumType.STRING)
    @Column(name = "state")
    private CredentialState state;

    @Column(name = "revoked_at")
    private Instant revokedAt;

    @Enumerated(EnumType.STRING)
    @Column(name = "revocation_reason")
    private RevocationReason revocationReason;

    @Column(name = "new_otp_secret")
    private byte[] newOtpSecret;

    @Column(name = "new_otp_at")
    private Instant newOtpAt;

    @Column(name = "code_hash")
    private byte[] codeHash;

    @Column(name = "code_expires_at")
    private Instant codeExpiresAt;

    @Column(name = "renewal_at")
    private Instant renewalAt;

    @Column(name = "new_key_id")
    private UUID newKeyId;

    @Column(name = "new_vault")
    private String newVault;

    @Enumerated(EnumType.STRING)
    @Column(name = "new_key_algorithm")
    private KeyAlgorithm newKeyAlgorithm;

    @Column(name = "new_public_key")
    private byte[] newPublicKey;

    @Column(name = "new_activation_ephemeral")
    private byte[] newActivationEphemeral;

    public static final String NO_CERTIFICATE = "The credential has no certificate yet";
    public static final String FACTOR_MISSING =
            "A factor that the authorization configuration asks for was never set up for the credential";

    /** What {@link #read} wants of the table {@code credential c}; by name, for a newer version may add columns. */
    public static final String COLUMNS = "c.id, c.tenant, c.seat, c.created_by, c.configuration_id, c.multi_signature,"
            + " c.created_at, c.pin, c.otp_secret, c.otp_confirmed, c.otp_last_step, c.failures, c.activation_salt,"
            + " c.activation_public, c.activation_ephemeral, c.key_id, c.vault, c.key_algorithm, c.public_key,"
            + " c.certificates, c.issuer, c.subject, c.not_after, c.state, c.revoked_at, c.revocation_reason,"
            + " c.new_otp_secret, c.new_otp_at, c.renewal_at, c.new_key_id, c.new_vault, c.new_key_algorithm,"
            + " c.new_public_key, c.new_activation_ephemeral, c.code_hash, c.code_expires_at";

    protected Credential() {}

    /** A row of {@link #COLUMNS}. */
    public static Credential read(ResultSet row) throws SQLException {
        var credential = new Credential();
        credential.id = row.getObject("id", UUID.class);
        credential.tenant = row.getString("tenant");
        credential.seat = row.getString("seat");
        credential.createdBy = row.getString("created_by");
        credential.configurationId = row.getString("configuration_id");
        credential.multiSignature = row.getInt("multi_signature");
        credential.createdAt = row.getTimestamp("created_at").toInstant();
        credential.storedPin = row.getString("pin");
        credential.otpSecret = row.getBytes("otp_secret");
        credential.otpConfirmed = row.getBoolean("otp_confirmed");
        credential.otpLastStep = row.getLong("otp_last_step");
        credential.failures = row.getInt("failures");
        credential.activationSalt = row.getBytes("activation_salt");
        credential.activationPublic = row.getBytes("activation_public");
        credential.activationEphemeral = row.getBytes("activation_ephemeral");
        credential.keyId = row.getObject("key_id", UUID.class);
        credential.vault = row.getString("vault");
        var algorithm = row.getString("key_algorithm");
        credential.keyAlgorithm = algorithm == null ? null : KeyAlgorithm.valueOf(algorithm);
        credential.publicKey = row.getBytes("public_key");
        var certificates = row.getArray("certificates");
        credential.certificates = certificates == null ? null : (byte[][]) certificates.getArray();
        credential.issuer = row.getString("issuer");
        credential.subject = row.getString("subject");
        var notAfter = row.getTimestamp("not_after");
        credential.notAfter = notAfter == null ? null : notAfter.toInstant();
        credential.state = CredentialState.valueOf(row.getString("state"));
        var revokedAt = row.getTimestamp("revoked_at");
        credential.revokedAt = revokedAt == null ? null : revokedAt.toInstant();
        var reason = row.getString("revocation_reason");
        credential.revocationReason = reason == null ? null : RevocationReason.valueOf(reason);
        credential.newOtpSecret = row.getBytes("new_otp_secret");
        var newOtpAt = row.getTimestamp("new_otp_at");
        credential.newOtpAt = newOtpAt == null ? null : newOtpAt.toInstant();
        var renewalAt = row.getTimestamp("renewal_at");
        credential.renewalAt = renewalAt == null ? null : renewalAt.toInstant();
        credential.newKeyId = row.getObject("new_key_id", UUID.class);
        credential.newVault = row.getString("new_vault");
        var newAlgorithm = row.getString("new_key_algorithm");
        credential.newKeyAlgorithm = newAlgorithm == null ? null : KeyAlgorithm.valueOf(newAlgorithm);
        credential.newPublicKey = row.getBytes("new_public_key");
        credential.newActivationEphemeral = row.getBytes("new_activation_ephemeral");
        credential.codeHash = row.getBytes("code_hash");
        var codeExpiresAt = row.getTimestamp("code_expires_at");
        credential.codeExpiresAt = codeExpiresAt == null ? null : codeExpiresAt.toInstant();
        return credential;
    }

    public static Credential create(
            UUID id, SeatName name, String client, String configurationId, int multiSignature, Instant now) {
        var credential = new Credential();
        credential.id = id;
        credential.tenant = name.tenant();
        credential.seat = name.seat();
        credential.createdBy = client;
        credential.configurationId = configurationId;
        credential.multiSignature = multiSignature;
        credential.createdAt = now;
        credential.state = CredentialState.ACTIVE;
        return credential;
    }

    /** For a credential without PIN: what opens its key comes from the master secret and this salt. */
    public void openWithoutPin(byte[] salt, byte[] publicHalf) {
        activationSalt = salt;
        activationPublic = publicHalf;
    }

    public UUID id() {
        return id;
    }

    public SeatName seat() {
        return new SeatName(seat, tenant);
    }

    public Instant createdAt() {
        return createdAt;
    }

    public String createdBy() {
        return createdBy;
    }

    public String configurationId() {
        return configurationId;
    }

    /** How many signatures one authorization may ask for. */
    public int multiSignature() {
        return multiSignature;
    }

    public Optional<String> storedPin() {
        return Optional.ofNullable(storedPin);
    }

    public Optional<byte[]> otpSecret() {
        return Optional.ofNullable(otpSecret);
    }

    public boolean isOtpConfirmed() {
        return otpConfirmed;
    }

    /** An OTP secret that waits for its confirmation to take the place of {@link #otpSecret()}, and since when. */
    public record NewOtp(byte[] sealedSecret, Instant at) {

        /** Whether it is the same secret. */
        public boolean is(NewOtp other) {
            return MessageDigest.isEqual(sealedSecret, other.sealedSecret);
        }

        @Override
        public String toString() {
            return "a new OTP since " + at;
        }
    }

    public Optional<NewOtp> newOtp() {
        return Optional.ofNullable(newOtpSecret).map(secret -> new NewOtp(secret, newOtpAt));
    }

    /** The one-time code that was sent last; none once it was used. */
    public Optional<SentCode> sentCode() {
        return Optional.ofNullable(codeHash).map(hash -> new SentCode(hash, codeExpiresAt));
    }

    public byte[] activationSalt() {
        return activationSalt;
    }

    public byte[] activationPublic() {
        return activationPublic;
    }

    public byte[] activationEphemeral() {
        return activationEphemeral;
    }

    /** The vault's name for the private key; null before there is one, like everything of the key. */
    public UUID keyId() {
        return keyId;
    }

    public String vault() {
        return vault;
    }

    public Optional<KeyAlgorithm> keyAlgorithm() {
        return Optional.ofNullable(keyAlgorithm);
    }

    /** The DER of the SubjectPublicKeyInfo. */
    public Optional<byte[]> publicKey() {
        return Optional.ofNullable(publicKey);
    }

    /** The key pair that signs. */
    public Optional<KeyPair> keyPair() {
        return Optional.ofNullable(keyId)
                .map(there -> new KeyPair(there, vault, keyAlgorithm, publicKey, activationEphemeral));
    }

    /** Whether its holder asked for a renewal that waits for its certificate. */
    public boolean isRenewalAsked() {
        return renewalAt != null;
    }

    /** The key pair that waits beside the one that signs; none while the present key is renewed. */
    public Optional<KeyPair> newKeyPair() {
        return Optional.ofNullable(newKeyId)
                .map(waiting -> new KeyPair(waiting, newVault, newKeyAlgorithm, newPublicKey, newActivationEphemeral));
    }

    /** DER, end entity first; none before the certificate was added. */
    public List<byte[]> certificates() {
        return certificates == null ? List.of() : List.of(certificates);
    }

    /** @throws ProtocolException {@code conflict} while it is being set up */
    public void requireCertificate() {
        if (certificates == null) {
            throw new ProtocolException(SignerError.CONFLICT, NO_CERTIFICATE);
        }
    }

    public Optional<CertificateChain> chain() {
        return Optional.ofNullable(certificates).map(der -> CertificateChain.ofStored(List.of(der)));
    }

    /**
     * What protects the credential, for its key to be bound to: who writes the database can not put his own OTP, or a
     * configuration that asks for less, in the place of the holder's.
     */
    public byte[] protection() {
        var digest = DigestUtils.getSha256Digest();
        digest.update((id + " " + configurationId + " ").getBytes(StandardCharsets.UTF_8));
        return otpSecret == null ? digest.digest() : digest.digest(FactorSecrets.binding(otpSecret));
    }

    /** Whether every factor that the configuration asks for is set and, an authenticator, confirmed; a code that is sent needs neither. */
    public boolean hasFactorsOf(AuthorizationConfiguration configuration) {
        return (!configuration.asksFor(Factor.PIN) || storedPin != null)
                && (!configuration.asksForAuthenticator() || otpConfirmed);
    }

    /**
     * Before any factor is compared, so that a right one is not told from a wrong one.
     *
     * @throws ProtocolException {@code conflict} where the configuration was changed and now asks for what is not there
     */
    public void requireFactorsOf(AuthorizationConfiguration configuration) {
        if (!hasFactorsOf(configuration)) {
            throw new ProtocolException(SignerError.CONFLICT, FACTOR_MISSING);
        }
    }

    public boolean isLocked(AuthorizationConfiguration configuration) {
        return failures
                >= configuration.maxFailures() + (state == CredentialState.ACTIVE ? 0 : FactorAttempts.OUT_OF_SERVICE);
    }

    public CredentialState state() {
        return state;
    }

    /** When it was revoked, and why; only together. */
    public Optional<Instant> revokedAt() {
        return Optional.ofNullable(revokedAt);
    }

    public Optional<RevocationReason> revocationReason() {
        return Optional.ofNullable(revocationReason);
    }

    public CredentialStatus status(AuthorizationConfiguration configuration) {
        if (state == CredentialState.REVOKED) {
            return CredentialStatus.REVOKED;
        }
        if (state.isSuspended()) {
            return CredentialStatus.SUSPENDED;
        }
        if (isLocked(configuration)) {
            return CredentialStatus.LOCKED;
        }
        if (certificates != null) {
            return CredentialStatus.ENABLED;
        }
        if (publicKey != null) {
            return CredentialStatus.CERTIFICATE_PENDING;
        }
        return hasFactorsOf(configuration) ? CredentialStatus.KEY_PAIR_PENDING : CredentialStatus.FACTORS_PENDING;
    }
}

package org.countersign.cli.tenant;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.countersign.cli.tenant.TenantRecord.Manifest;
import org.countersign.cli.tenant.TenantRecord.MovedCredential;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.oauth2.SeatName;
import org.countersign.core.x509.CertificateChain;
import org.countersign.core.x509.TrustAnchors;
import org.countersign.core.x509.UnverifiedCertificates;
import org.countersign.server.keys.ActivationKey;
import org.countersign.server.keys.FactorSecrets;
import org.countersign.server.keys.FolderWrappedKeys;
import org.countersign.server.keys.KeyNotOpenedException;
import org.countersign.server.keys.MovedPin;
import org.countersign.server.keys.OuterWrap;
import org.countersign.signer.configuration.TenantSettings;
import org.countersign.signer.credentials.CredentialState;
import org.countersign.signer.factors.FactorAttempts;

/** Writes the rows of an import's credentials, put under the secrets of the context, and checks each on the way. */
final class CredentialRows implements AutoCloseable {

    private static final int MAX_MULTI_SIGNATURE = 1_000;

    private static final String CREDENTIAL = "INSERT INTO credential (id, tenant, seat, created_by, configuration_id,"
            + " multi_signature, created_at, pin, otp_secret, otp_confirmed, otp_last_step, failures, activation_salt,"
            + " activation_public, activation_ephemeral, key_id, vault, key_algorithm, public_key, certificates, issuer,"
            + " subject, not_after, state, revoked_at, revocation_reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
            + " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (id) DO NOTHING";
    private static final String WRAPPED_KEY =
            "INSERT INTO wrapped_key (credential_id, wrapped) VALUES (?, ?) ON CONFLICT (credential_id) DO NOTHING";
    private static final String KEY_IS_NAMED = "SELECT 1 FROM credential WHERE key_id = ? AND id <> ?";

    private final TenantContext context;
    private final FactorSecrets secrets;
    private final ImportProblems problems;
    private final PreparedStatement credential;
    private final PreparedStatement wrapped;
    private final PreparedStatement named;
    private final Map<String, Integer> maxFailures = new HashMap<>();
    private TenantSettings tenant;
    private OuterWrap outer;
    private String vault;
    private Optional<FolderWrappedKeys> folder = Optional.empty();
    private int expired;
    private int locked;

    CredentialRows(Connection connection, TenantContext context, ImportProblems problems) throws SQLException {
        this.context = context;
        this.secrets = context.factorSecrets();
        this.problems = problems;
        this.credential = connection.prepareStatement(CREDENTIAL);
        this.wrapped = connection.prepareStatement(WRAPPED_KEY);
        this.named = connection.prepareStatement(KEY_IS_NAMED);
    }

    /**
     * Has to come before the first credential.
     *
     * @param settings of the tenant here
     * @param vaultName where its keys go
     * @param keys the vault, when it is a folder
     * @param wrap its outer layer
     */
    void begin(
            Manifest manifest,
            TenantSettings settings,
            String vaultName,
            Optional<FolderWrappedKeys> keys,
            OuterWrap wrap) {
        manifest.configurations().forEach(theirs -> maxFailures.put(theirs.id(), theirs.maxFailures()));
        tenant = settings;
        vault = vaultName;
        folder = keys;
        outer = wrap;
    }

    /** Checks a credential and writes its row and key; what is not in order is a problem, and then it is not written. */
    void add(MovedCredential moved) throws SQLException {
        if (!SeatName.isSeat(moved.seat())
                || !maxFailures.containsKey(moved.configuration())
                || moved.failures() < 0
                || moved.multiSignature() < 1
                || moved.multiSignature() > MAX_MULTI_SIGNATURE
                || (moved.key() == null && moved.certificates() != null)
                || !stateIsInOrder(moved)) {
            problems.add("The credential " + moved.id() + " is not in order.");
            return;
        }
        int begin = moved.state() == null ? 0 : FactorAttempts.OUT_OF_SERVICE;
        locked += moved.failures() >= begin + maxFailures.get(moved.configuration()) ? 1 : 0;
        var chain = chain(moved);
        try {
            if (!insert(credential, moved, chain)) {
                problems.add("The credential " + moved.id() + " of " + moved.seat() + " is here already.");
                return;
            }
        } catch (IllegalArgumentException | DateTimeParseException malformed) {
            problems.add("The credential " + moved.id() + " is not in order.");
            return;
        }
        if (moved.key() != null) {
            addKey(moved);
        }
    }

    /** Out of service the count begins beyond every maximum, in every version; only what is revoked says when and why. */
    private static boolean stateIsInOrder(MovedCredential moved) {
        var state = moved.state();
        if (state == null) {
            // A version that knows no state leaves it out: unlocking would bring back what was revoked.
            return moved.failures() < FactorAttempts.OUT_OF_SERVICE;
        }
        boolean revoked = state.name() == CredentialState.REVOKED;
        return (revoked || (state.name() != null && state.name().isSuspended()))
                && moved.failures() >= FactorAttempts.OUT_OF_SERVICE
                && (state.revokedAt() != null) == revoked
                && (state.reason() != null) == revoked;
    }

    private void addKey(MovedCredential moved) throws SQLException {
        var id = moved.key().id();
        named.setObject(1, id);
        named.setObject(2, moved.id());
        try (var rows = named.executeQuery()) {
            if (rows.next()) {
                problems.add("The key of credential " + moved.id() + " is another credential's here.");
                return;
            }
        }
        if (folder.isPresent()) {
            if (!mayWrite(id)) {
                problems.add("The key of credential " + moved.id()
                        + " is in the folder already, under another master secret.");
            }
            return;
        }
        wrapped.setObject(1, id);
        wrapped.setBytes(2, outer.wrap(id, moved.key().inner()));
        if (wrapped.executeUpdate() == 0) {
            problems.add("The key of credential " + moved.id() + " is here already.");
        }
    }

    /** What is there and no credential names is of an import that was interrupted, if this company wrapped it. */
    private boolean mayWrite(UUID id) {
        try {
            folder.orElseThrow().get(id).ifPresent(wrapped -> outer.unwrap(id, wrapped));
            return true;
        } catch (KeyNotOpenedException anothers) {
            return false;
        }
    }

    private Optional<CertificateChain> chain(MovedCredential moved) {
        if (moved.certificates() == null) {
            return Optional.empty();
        }
        try {
            var chain = CertificateChain.ofStored(moved.certificates());
            var now = context.clock().instant();
            boolean over = now.isAfter(chain.notAfter());
            expired += over ? 1 : 0;
            // An expired one was accepted while it was valid; it signs neither here nor there.
            var at = over ? chain.notAfter() : now;
            var unverified = new UnverifiedCertificates(chain.certificates());
            var key = publicKey(moved);
            return Optional.of(
                    tenant.demonstration() && tenant.trustAnchors().isEmpty()
                            ? unverified.verifyAmongThemselves(key, at)
                            : unverified.verify(key, at, tenant.trustAnchors().orElse(new TrustAnchors(Set.of()))));
        } catch (ProtocolException refused) {
            problems.add("The certificate of credential " + moved.id() + " of " + moved.seat()
                    + " is not accepted here: " + refused.description() + ".");
        } catch (IllegalArgumentException malformed) {
            problems.add("The certificate of credential " + moved.id() + " does not decode.");
        }
        return Optional.empty();
    }

    private static PublicKey publicKey(MovedCredential moved) {
        try {
            return KeyFactory.getInstance(moved.key().algorithm().family().wireName())
                    .generatePublic(new X509EncodedKeySpec(moved.key().publicKey()));
        } catch (GeneralSecurityException malformed) {
            throw new IllegalArgumentException(malformed);
        }
    }

    private boolean insert(PreparedStatement statement, MovedCredential moved, Optional<CertificateChain> chain)
            throws SQLException {
        var key = Optional.ofNullable(moved.key());
        int at = 1;
        statement.setObject(at++, moved.id());
        statement.setString(at++, tenant.name());
        statement.setString(at++, moved.seat());
        statement.setString(at++, moved.createdBy());
        statement.setString(at++, moved.configuration());
        statement.setInt(at++, moved.multiSignature());
        statement.setTimestamp(at++, Timestamp.from(Instant.parse(moved.createdAt())));
        statement.setString(at++, pin(moved));
        statement.setBytes(at++, otp(moved));
        statement.setBoolean(at++, moved.otpConfirmed());
        statement.setLong(at++, moved.otpLastStep());
        statement.setInt(at++, moved.failures());
        statement.setBytes(at++, activationKey(moved));
        statement.setBytes(at++, moved.activationPublic());
        statement.setBytes(at++, key.map(TenantRecord.Key::ephemeral).orElse(null));
        statement.setObject(at++, key.map(TenantRecord.Key::id).orElse(null), Types.OTHER);
        statement.setString(at++, key.map(present -> vault).orElse(null));
        statement.setString(at++, key.map(present -> present.algorithm().name()).orElse(null));
        statement.setBytes(at++, key.map(TenantRecord.Key::publicKey).orElse(null));
        if (moved.certificates() == null) {
            statement.setNull(at++, Types.ARRAY);
        } else {
            statement.setArray(
                    at++,
                    statement
                            .getConnection()
                            .createArrayOf("bytea", moved.certificates().toArray(byte[][]::new)));
        }
        statement.setString(at++, chain.map(CertificateChain::issuer).orElse(null));
        statement.setString(at++, chain.map(CertificateChain::subject).orElse(null));
        statement.setTimestamp(
                at++,
                chain.map(present ->
                                Timestamp.from(present.endEntity().getNotAfter().toInstant()))
                        .orElse(null));
        var state = Optional.ofNullable(moved.state());
        statement.setString(
                at++,
                state.map(TenantRecord.State::name)
                        .orElse(CredentialState.ACTIVE)
                        .name());
        statement.setTimestamp(
                at++,
                state.map(TenantRecord.State::revokedAt)
                        .map(Instant::parse)
                        .map(Timestamp::from)
                        .orElse(null));
        statement.setString(
                at, state.map(TenantRecord.State::reason).map(Enum::name).orElse(null));
        return statement.executeUpdate() == 1;
    }

    private String pin(MovedCredential moved) {
        if (moved.pin() == null) {
            return null;
        }
        try (var pin = new MovedPin(
                moved.pin().stored(), moved.pin().key(), moved.pin().companyWide())) {
            return secrets.adoptPin(moved.id(), pin);
        }
    }

    private byte[] otp(MovedCredential moved) {
        return moved.otpSecret() == null
                ? null
                : secrets.adopt(moved.id(), TenantExport.OTP_PURPOSE, moved.otpSecret(), moved.otpBinding());
    }

    private byte[] activationKey(MovedCredential moved) {
        if (moved.activationKey() == null) {
            return null;
        }
        try (var key = new ActivationKey(moved.activationKey())) {
            return secrets.adoptActivationKey(moved.id(), key);
        }
    }

    /** How many have a certificate that is over. */
    int expired() {
        return expired;
    }

    /** How many are locked. */
    int locked() {
        return locked;
    }

    /** The connection's end closes the statements too, should closing one fail. */
    @Override
    public void close() throws SQLException {
        credential.close();
        wrapped.close();
        named.close();
    }
}

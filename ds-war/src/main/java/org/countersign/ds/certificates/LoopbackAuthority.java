package org.countersign.ds.certificates;

import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.x509.CertificateEncoding;
import org.countersign.ds.organisations.Organisations;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.keys.Argon2Cost;
import org.countersign.server.keys.FactorSecrets;
import org.countersign.server.keys.KeyAlgorithm;
import org.countersign.server.keys.MasterSecret;
import org.countersign.server.keys.MemoryWrappedKeys;
import org.countersign.server.keys.SignatureProvider;
import org.countersign.server.keys.SigningKey;
import org.countersign.server.keys.SoftwareKeyVault;
import org.countersign.server.persistence.Database;

/**
 * Issues certificates for TLS on agents' own machines. Each organisation has an authority of its own, made when it is first
 * needed, with a P-256 key that is wrapped under the master secret; of nodes that make one at once, the database decides.
 * Other names in the configuration make another authority: constraints can not be widened.
 */
public final class LoopbackAuthority implements AutoCloseable {

    private static final Duration LIFE = Duration.ofDays(90);
    private static final Duration AUTHORITY_LIFE = Duration.ofDays(3_650);
    /** For clocks of machines that are behind. */
    private static final Duration BACKDATED = Duration.ofDays(1);

    private static final int LEAST_RSA_BITS = 2_048;
    private static final int MOST_RSA_BITS = 4_096;
    private static final int LEAST_EC_BITS = 256;
    private static final int MOST_EC_BITS = 521;

    private final Database database;
    private final Organisations organisations;
    private final LoopbackNames names;
    private final FactorSecrets secrets;
    private final MasterSecret master;
    private final SignatureProvider provider;
    private final AuditLog audit;
    private final Entropy entropy;
    private final Clock clock;
    private final CertificateMaker maker;
    private final Map<UUID, Authority> open = new ConcurrentHashMap<>();

    private record Authority(SigningKey key, X509Certificate certificate) {}

    private record Stored(UUID keyId, byte[] salt, byte[] wrapped, byte[] certificate) {}

    public LoopbackAuthority(
            Database database,
            Organisations organisations,
            LoopbackNames names,
            MasterSecret master,
            SignatureProvider provider,
            AuditLog audit,
            Entropy entropy,
            Clock clock) {
        this.database = database;
        this.organisations = organisations;
        this.names = names;
        this.secrets = new FactorSecrets(master, Argon2Cost.DEFAULT, entropy);
        this.master = master;
        this.provider = provider;
        this.audit = audit;
        this.entropy = entropy;
        this.clock = clock;
        this.maker = new CertificateMaker(entropy);
    }

    /**
     * A certificate for 90 days, for server authentication under the configured names, 127.0.0.1 and ::1. The caller has
     * seen proof that the device possesses the key.
     *
     * @param tlsKey EC on P-256, P-384 or P-521, or RSA of 2048 to 4096 bits
     * @throws ProtocolException {@code invalid_request} for another key, {@code not_found} without the organisation
     */
    public IssuedCertificate issue(UUID organisation, PublicKey tlsKey, UUID deviceUuid) {
        requireFit(tlsKey);
        var authority = authority(organisation);
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        var validity = new CertificateMaker.Validity(now.minus(BACKDATED), now.plus(LIFE));
        var certificate = maker.loopback(authority.certificate(), authority.key(), names, tlsKey, deviceUuid, validity);
        return new IssuedCertificate(List.of(certificate, authority.certificate()), renewFrom(certificate));
    }

    /**
     * Whether a device should get a new certificate: a third of its life is left, or less; or it has other names, or is of
     * another authority, than would be issued now.
     */
    public boolean needsRenewal(UUID organisation, X509Certificate certificate) {
        return !clock.instant().isBefore(renewFrom(certificate))
                || !certificate
                        .getIssuerX500Principal()
                        .equals(authority(organisation).certificate().getSubjectX500Principal());
    }

    /** The authority that issues now. */
    public X509Certificate certificate(UUID organisation) {
        return authority(organisation).certificate();
    }

    private static Instant renewFrom(X509Certificate certificate) {
        var end = certificate.getNotAfter().toInstant();
        var life = Duration.between(certificate.getNotBefore().toInstant(), end);
        return end.minus(life.dividedBy(3));
    }

    private static void requireFit(PublicKey key) {
        if (key instanceof ECPublicKey ec) {
            int bits = ec.getParams().getCurve().getField().getFieldSize();
            if (bits >= LEAST_EC_BITS && bits <= MOST_EC_BITS) {
                return;
            }
        } else if (key instanceof RSAPublicKey rsa) {
            int bits = rsa.getModulus().bitLength();
            if (bits >= LEAST_RSA_BITS && bits <= MOST_RSA_BITS) {
                return;
            }
        }
        throw ProtocolException.invalidRequest("The TLS key must be EC of 256 bits or more, or RSA of 2048 to 4096");
    }

    private Authority authority(UUID organisation) {
        return open.computeIfAbsent(organisation, this::openOrCreate);
    }

    private Authority openOrCreate(UUID organisation) {
        var stored = read(organisation);
        if (stored == null) {
            create(organisation);
            stored = read(organisation);
        }
        var certificate = CertificateEncoding.decode(stored.certificate());
        try (var activation = secrets.activationKeyWithoutPin(stored.keyId(), stored.salt())) {
            var key = vault(new MemoryWrappedKeys()).open(stored.keyId(), stored.wrapped(), activation);
            return new Authority(key, certificate);
        }
    }

    private Stored read(UUID organisation) {
        return database.statements()
                .first(
                        "select key_id, salt, wrapped_key, certificate from loopback_authority"
                                + " where organisation = ? and names = ?",
                        statement -> {
                            statement.setObject(1, organisation);
                            statement.setString(2, names.text());
                        },
                        row -> new Stored(
                                row.getObject(1, UUID.class), row.getBytes(2), row.getBytes(3), row.getBytes(4)))
                .orElse(null);
    }

    private void create(UUID organisation) {
        var owner = organisations.require(organisation);
        var wrapped = new MemoryWrappedKeys();
        var keyId = entropy.uuid();
        var salt = secrets.newActivationSalt();
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        var validity = new CertificateMaker.Validity(now.minus(BACKDATED), now.plus(AUTHORITY_LIFE));
        X509Certificate certificate;
        try (var activation = secrets.activationKeyWithoutPin(keyId, salt)) {
            var vault = vault(wrapped);
            var publicKey = vault.generate(keyId, KeyAlgorithm.EC_P256, activation);
            try (var key = vault.open(keyId, activation)) {
                certificate = maker.authority(owner.name(), names, publicKey, key, validity);
            }
        }
        int added = database.statements()
                .update(
                        "insert into loopback_authority"
                                + " (organisation, names, key_id, salt, wrapped_key, certificate, created_at)"
                                + " values (?, ?, ?, ?, ?, ?, ?) on conflict (organisation, names) do nothing",
                        statement -> {
                            statement.setObject(1, organisation);
                            statement.setString(2, names.text());
                            statement.setObject(3, keyId);
                            statement.setBytes(4, salt);
                            statement.setBytes(5, wrapped.get(keyId).orElseThrow());
                            statement.setBytes(6, CertificateEncoding.encode(certificate));
                            statement.setTimestamp(7, Timestamp.from(now));
                        });
        if (added == 1) {
            audit.append(AuditEvent.success("loopback-authority.created")
                    .detail("organisation", organisation)
                    .detail("names", names.text())
                    .detail("serialNumber", certificate.getSerialNumber().toString(16)));
        }
    }

    private SoftwareKeyVault vault(MemoryWrappedKeys wrapped) {
        return new SoftwareKeyVault(wrapped, master, provider, entropy);
    }

    @Override
    public void close() {
        for (Authority authority : open.values()) {
            authority.key().close();
        }
    }
}

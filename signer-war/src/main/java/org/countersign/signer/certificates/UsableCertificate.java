package org.countersign.signer.certificates;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.codec.digest.DigestUtils;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.SignerError;
import org.countersign.core.x509.CertificateChain;
import org.countersign.core.x509.UnverifiedCertificates;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.oauth.Caller;
import org.countersign.signer.credentials.Credential;
import org.countersign.signer.credentials.CredentialEvent;

/**
 * Whether a credential may sign with the certificates it has: not when one has expired, nor when the chain ends at an anchor
 * the tenant trusts no more. A chain once verified against this start's anchors is remembered until its first certificate
 * expires.
 */
public final class UsableCertificate {

    public static final String NOT_VALID = "The certificate of the credential is not valid";

    private static final int REMEMBERED = 10_000;

    private final TenantTrust trust;
    private final boolean bypass;
    private final Clock clock;
    private final AuditLog audit;
    private final Map<String, Instant> verifiedUntil = new ConcurrentHashMap<>();

    /** @param bypass lets credentials of demonstration tenants sign all the same; each use is audited */
    public UsableCertificate(TenantTrust trust, boolean bypass, Clock clock, AuditLog audit) {
        this.trust = trust;
        this.bypass = bypass;
        this.clock = clock;
        this.audit = audit;
    }

    public void require(Caller caller, Credential credential) {
        if (isVerified(credential)) {
            return;
        }
        if (!isBypassed(credential)) {
            throw new ProtocolException(SignerError.CONFLICT, NOT_VALID);
        }
        audit.append(CredentialEvent.success("validation.bypassed", caller, credential));
    }

    /** Whether {@link #require} would let it pass. */
    public boolean has(Credential credential) {
        return isVerified(credential) || isBypassed(credential);
    }

    private boolean isBypassed(Credential credential) {
        return bypass && trust.isDemonstration(credential.seat().tenant());
    }

    private boolean isVerified(Credential credential) {
        var digest = DigestUtils.getSha256Digest();
        digest.update(credential.seat().tenant().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        for (byte[] certificate : credential.certificates()) {
            digest.update(certificate);
        }
        var chainId = org.apache.commons.codec.binary.Hex.encodeHexString(digest.digest());
        var until = verifiedUntil.get(chainId);
        if (until != null && !clock.instant().isAfter(until)) {
            return true;
        }
        try {
            var chain = credential.chain().orElseThrow();
            if (clock.instant().isAfter(chain.notAfter())) {
                return false;
            }
            trust.verify(credential, new UnverifiedCertificates(chain.certificates()));
            remember(chainId, chain);
            return true;
        } catch (ProtocolException invalid) {
            return false;
        }
    }

    private void remember(String chainId, CertificateChain chain) {
        if (verifiedUntil.size() >= REMEMBERED) {
            verifiedUntil.clear();
        }
        verifiedUntil.put(chainId, chain.notAfter());
    }
}

package org.countersign.ds.devices;

import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.commons.codec.digest.DigestUtils;
import org.countersign.core.x509.CertificateEncoding;
import org.countersign.ds.certificates.LoopbackAuthority;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.persistence.Statements;

/**
 * The certificates with which devices serve TLS on their own machine. Chains are base64 of DER: the device's own first, then
 * its authority's.
 */
public final class DeviceCertificates {

    private static final String STORE = "update device set tls_certificate = ? where id = ?";

    private final LoopbackAuthority authority;
    private final Statements statements;
    private final AuditLog audit;

    public DeviceCertificates(LoopbackAuthority authority, Statements statements, AuditLog audit) {
        this.authority = authority;
        this.statements = statements;
        this.audit = audit;
    }

    /** The chain in force, issued now when there is none that is good for some time. */
    List<String> current(Device device) {
        return renewed(device).orElseGet(() -> {
            var own = CertificateEncoding.decode(device.tlsCertificate().orElseThrow());
            return base64(List.of(own, authority.certificate(device.organisation())));
        });
    }

    /**
     * The chain for a device that says which certificate it has, unless that is the one in force.
     *
     * @param sha256 of its certificate's DER in hexadecimal digits, or null when it does not say
     */
    public Optional<List<String>> unlessHeld(Device device, String sha256) {
        var renewed = renewed(device);
        boolean held = sha256 == null
                || device.tlsCertificate().map(DigestUtils::sha256Hex).equals(Optional.of(sha256));
        return renewed.isPresent() || held ? renewed : Optional.of(current(device));
    }

    /** A new chain, when the device's certificate is not good for long, or for another key, or there is none. */
    private Optional<List<String>> renewed(Device device) {
        var key = device.tlsKey().toJca();
        var known = device.tlsCertificate().map(CertificateEncoding::decode);
        if (known.isPresent()
                && MessageDigest.isEqual(known.get().getPublicKey().getEncoded(), key.getEncoded())
                && !authority.needsRenewal(device.organisation(), known.get())) {
            return Optional.empty();
        }
        var chain = new ArrayList<>(
                authority.issue(device.organisation(), key, device.id()).chain());
        audit.append(AuditEvent.success("device.certificate-issued")
                .detail("device", device.id())
                .detail("organisation", device.organisation())
                .detail("serial", chain.get(0).getSerialNumber().toString(16)));
        store(device.id(), chain.get(0));
        return Optional.of(base64(chain));
    }

    private void store(UUID device, X509Certificate certificate) {
        statements.update(STORE, statement -> {
            statement.setBytes(1, CertificateEncoding.encode(certificate));
            statement.setObject(2, device);
        });
    }

    private static List<String> base64(List<X509Certificate> chain) {
        return chain.stream()
                .map(certificate -> Base64.getEncoder().encodeToString(CertificateEncoding.encode(certificate)))
                .toList();
    }
}

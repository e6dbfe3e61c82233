package org.countersign.ds.applications;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;
import org.countersign.server.web.ClientAddress;
import org.countersign.server.web.ForwardedCertificate;

/**
 * Who shows an API key, as the connection tells.
 *
 * @param address in digits
 * @param certificate SHA-256 of the client certificate, in lower-case hexadecimal
 */
public record Requester(String address, Optional<String> certificate) {

    /** The request attribute with the client's certificates, whether the server itself or a trusted proxy was shown them. */
    public static final String CERTIFICATES = ForwardedCertificate.ATTRIBUTE;

    /** @param certificates what the attribute has; null without */
    public static Requester of(String address, Object certificates) {
        return new Requester(
                address,
                certificates instanceof X509Certificate[] chain && chain.length > 0
                        ? Optional.of(fingerprint(chain[0]))
                        : Optional.empty());
    }

    private static String fingerprint(X509Certificate certificate) {
        try {
            return DigestUtils.sha256Hex(certificate.getEncoded());
        } catch (CertificateEncodingException malformed) {
            throw new IllegalStateException("A client certificate has no encoding", malformed);
        }
    }

    /** What attempts are counted by: an IPv4 address, or the network of an IPv6 one, as its host has many. */
    public String network() {
        return ClientAddress.network(address);
    }
}

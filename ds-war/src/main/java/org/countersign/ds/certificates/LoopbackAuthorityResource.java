package org.countersign.ds.certificates;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.security.cert.CertificateEncodingException;
import java.util.HexFormat;
import java.util.UUID;
import org.countersign.core.x509.CertificatePem;
import org.countersign.server.keys.HashAlgorithm;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Caller;

/** The authority of an organisation's loopback certificates, for operators who make it trusted on their machines. */
@Path("admin/v1/organisations/{id}/loopback-authority")
@Produces(MediaType.APPLICATION_JSON)
public final class LoopbackAuthorityResource {

    private final LoopbackAuthority authority;

    public LoopbackAuthorityResource(LoopbackAuthority authority) {
        this.authority = authority;
    }

    /**
     * An authority.
     *
     * @param certificate PEM
     * @param sha256 of the certificate, hexadecimal
     * @param notAfter as RFC 3339 has it, in UTC
     */
    public record LoopbackAuthorityDescription(String certificate, String sha256, String notAfter) {}

    /** Made when it is not there yet. */
    @GET
    public LoopbackAuthorityDescription show(@Context SecurityContext security, @PathParam("id") UUID organisation) {
        Caller.of(security).require(ApiGroup.OPERATOR);
        var certificate = authority.certificate(organisation);
        try {
            return new LoopbackAuthorityDescription(
                    CertificatePem.write(certificate),
                    HexFormat.of().formatHex(HashAlgorithm.SHA256.digest(certificate.getEncoded())),
                    certificate.getNotAfter().toInstant().toString());
        } catch (CertificateEncodingException impossible) {
            throw new IllegalStateException("A certificate does not encode", impossible);
        }
    }
}

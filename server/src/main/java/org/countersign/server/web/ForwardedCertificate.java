package org.countersign.server.web;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.ext.Provider;
import java.io.ByteArrayInputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Takes the client's certificate from a header that a trusted proxy adds, which ends TLS: as RFC 9440 §2.1 has it, or as PEM in
 * URL encoding, nginx's {@code $ssl_client_escaped_cert}. It then stands where a container puts one that it was shown itself
 * (Servlet 6.0 §3.10). What others send in the header counts for nothing.
 */
@Provider
@PreMatching
public final class ForwardedCertificate implements ContainerRequestFilter {

    /** The request attribute with the client's certificates, an array of {@link X509Certificate}. */
    public static final String ATTRIBUTE = "jakarta.servlet.request.X509Certificate";

    private static final int LONGEST = 16_384;
    private static final Pattern BYTE_SEQUENCE = Pattern.compile(":([A-Za-z0-9+/]+={0,2}):");
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\\s]+)-----END CERTIFICATE-----\\s*");

    private final String header;
    private final ClientAddress addresses;

    /** @param addresses knows the proxies that are trusted */
    public ForwardedCertificate(String header, ClientAddress addresses) {
        this.header = header;
        this.addresses = addresses;
    }

    @Override
    public void filter(ContainerRequestContext context) {
        var request = CurrentRequest.get();
        if (addresses.isTrusted(request.getRemoteAddr())) {
            // Not the proxy's own, which it may have shown.
            request.removeAttribute(ATTRIBUTE);
            var values = context.getHeaders().getOrDefault(header, List.of());
            if (values.size() == 1) {
                certificate(values.get(0))
                        .ifPresent(shown -> request.setAttribute(ATTRIBUTE, new X509Certificate[] {shown}));
            }
        }
    }

    /** Empty when it is none. */
    static Optional<X509Certificate> certificate(String value) {
        if (value == null || value.length() > LONGEST) {
            return Optional.empty();
        }
        try {
            var bytes = BYTE_SEQUENCE.matcher(value);
            if (bytes.matches()) {
                return Optional.of(parse(Base64.getDecoder().decode(bytes.group(1))));
            }
            // A plus is itself here, not a blank.
            var pem = PEM.matcher(URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.US_ASCII));
            return pem.matches() ? Optional.of(parse(Base64.getMimeDecoder().decode(pem.group(1)))) : Optional.empty();
        } catch (CertificateException | IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private static X509Certificate parse(byte[] der) throws CertificateException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }
}

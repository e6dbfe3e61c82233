package org.countersign.signer.timestamps;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampResponse;
import org.bouncycastle.tsp.TimeStampToken;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.x509.UnverifiedCertificates;
import org.countersign.server.exchange.Exchange;
import org.countersign.server.keys.HashAlgorithm;
import org.countersign.server.logging.ContextLogger;
import org.countersign.signer.configuration.TimestampSettings;

/**
 * Gets time stamps of the configured authority (RFC 3161, RFC 5816), and hands out none that it did not verify: status, message
 * imprint, nonce, policy, the signature, and the way of its certificate to a trust anchor at the stamped time. Safe for
 * use by many threads.
 */
public final class TimestampAuthority {

    private static final System.Logger LOG = ContextLogger.of(TimestampAuthority.class);
    private static final Duration RETRY = Duration.ofSeconds(10);
    private static final int NONCE_BYTES = 8;
    private static final int MOST_CERTIFICATES = 10;
    /** Requests that wait for the authority; each has a thread of the server, which others need. */
    private static final int MOST_WAITING = 8;

    private final TimestampSettings settings;
    private final Exchange exchange;
    private final Entropy entropy;
    private final Semaphore waiting = new Semaphore(MOST_WAITING);

    public TimestampAuthority(TimestampSettings settings, Entropy entropy) {
        this.settings = settings;
        this.exchange = new Exchange(settings.patience());
        this.entropy = entropy;
    }

    /**
     * A time stamp for a hash.
     *
     * @param nonce what the token has to hold; without one, one of our own
     * @throws ProtocolException {@code temporarily_unavailable} when there is none, or none that verifies; the log says why
     */
    public TimeStampToken stamp(HashAlgorithm algorithm, byte[] hash, Optional<BigInteger> nonce) {
        if (!waiting.tryAcquire()) {
            throw none();
        }
        try {
            return token(algorithm, hash, nonce.orElseGet(this::random));
        } catch (IOException
                | TSPException
                | GeneralSecurityException
                | OperatorCreationException
                // Whatever the libraries make of a malformed answer, and the refusal of a chain.
                | RuntimeException refused) {
            LOG.log(System.Logger.Level.WARNING, "No time stamp of " + settings, refused);
            throw none();
        } finally {
            waiting.release();
        }
    }

    private static ProtocolException none() {
        return ProtocolException.retryAfter(
                OAuth2Error.TEMPORARILY_UNAVAILABLE,
                "The time-stamping authority gives no time stamp; try again later",
                RETRY);
    }

    private BigInteger random() {
        return new BigInteger(1, entropy.bytes(NONCE_BYTES));
    }

    private TimeStampToken token(HashAlgorithm algorithm, byte[] hash, BigInteger nonce)
            throws IOException, TSPException, GeneralSecurityException, OperatorCreationException {
        var request = request(algorithm, hash, nonce);
        var response = new TimeStampResponse(exchange.post(
                settings.url(),
                "application/timestamp-query",
                request.getEncoded(),
                "application/timestamp-reply",
                settings.authorization()));
        response.validate(request);
        var token = response.getTimeStampToken();
        if (token == null) {
            throw new IOException("The status is " + response.getStatus());
        }
        verify(token);
        return token;
    }

    private TimeStampRequest request(HashAlgorithm algorithm, byte[] hash, BigInteger nonce) throws IOException {
        var generator = new TimeStampRequestGenerator();
        generator.setCertReq(true);
        settings.policy().map(ASN1ObjectIdentifier::new).ifPresent(generator::setReqPolicy);
        return generator.generate(new ASN1ObjectIdentifier(algorithm.oid()), hash, nonce);
    }

    private void verify(TimeStampToken token)
            throws TSPException, IOException, GeneralSecurityException, OperatorCreationException {
        var certificates = new ArrayList<X509Certificate>();
        X509Certificate signer = null;
        for (var holder : held(token)) {
            var certificate = new JcaX509CertificateConverter().getCertificate(holder);
            certificates.add(certificate);
            if (token.getSID().match(holder)) {
                signer = certificate;
            }
        }
        if (signer == null) {
            throw new IOException("The time stamp brings no certificate of its signer");
        }
        // The purpose of the certificate, its being the one that is meant, its validity then, and the signature.
        token.validate(new JcaSimpleSignerInfoVerifierBuilder().build(signer));
        var chain = new UnverifiedCertificates(certificates)
                .verify(
                        signer.getPublicKey(),
                        token.getTimeStampInfo().getGenTime().toInstant(),
                        settings.trustAnchors());
        // Of one key there may be two certificates, one with the purpose and one that leads to the anchor.
        if (!chain.endEntity().equals(signer)) {
            throw new IOException("Another certificate of the same key leads to the trust anchor");
        }
    }

    private static List<X509CertificateHolder> held(TimeStampToken token) throws IOException {
        var held = List.copyOf(token.getCertificates().getMatches(null));
        if (held.size() > MOST_CERTIFICATES) {
            throw new IOException("The time stamp brings more than " + MOST_CERTIFICATES + " certificates");
        }
        return held;
    }
}

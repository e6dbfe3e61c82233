package org.countersign.agent.outgoing;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Whom the agent's own calls trust: Java's authorities and those that are set, for the host's name. This machine's clock may
 * be wrong, and only a server can tell: so a chain whose only fault is its time is verified at the nearest time at which all
 * of it is good, when that is not far. Who learns the time then asks whether it fits the certificate. Once the time is known,
 * and for what ended before the latest time that was ever told, there is no such tolerance.
 */
final class ServerTrust extends X509ExtendedTrustManager {

    /** By how much a clock may be wrong. */
    private static final Duration TOLERANCE = Duration.ofDays(400);

    private final KeyStore anchors;
    private final X509ExtendedTrustManager now;
    private final ToldTime time;

    private ServerTrust(KeyStore anchors, ToldTime time) throws GeneralSecurityException {
        this.anchors = anchors;
        this.now = manager(anchors, Optional.empty());
        this.time = time;
    }

    static SSLContext context(List<X509Certificate> more, ToldTime time) {
        try {
            var anchors = KeyStore.getInstance(KeyStore.getDefaultType());
            anchors.load(null, null);
            int number = 0;
            for (var anchor : manager(null).getAcceptedIssuers()) {
                anchors.setCertificateEntry("java-" + number++, anchor);
            }
            for (var anchor : more) {
                anchors.setCertificateEntry("set-" + number++, anchor);
            }
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new ServerTrust(anchors, time)}, null);
            return context;
        } catch (GeneralSecurityException | IOException impossible) {
            throw new IllegalStateException("TLS can not be set up", impossible);
        }
    }

    private static X509ExtendedTrustManager manager(KeyStore anchors) throws GeneralSecurityException {
        var factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(anchors);
        return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
    }

    private static X509ExtendedTrustManager manager(KeyStore anchors, Optional<Instant> at)
            throws GeneralSecurityException {
        if (at.isEmpty()) {
            return manager(anchors);
        }
        var parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(at.get()));
        var factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(new CertPathTrustManagerParameters(parameters));
        return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
    }

    @FunctionalInterface
    private interface Check {
        void by(X509ExtendedTrustManager manager) throws CertificateException;
    }

    private void check(X509Certificate[] chain, Check check) throws CertificateException {
        if (chain[0].getNotAfter().toInstant().isBefore(time.latest())) {
            // Whatever this machine's clock says.
            throw new CertificateExpiredException("The certificate ended before the latest time that was told");
        }
        if (time.isFresh()) {
            // The machine's clock, by which Java judges, may be wrong.
            try {
                check.by(manager(anchors, Optional.of(time.instant())));
                return;
            } catch (CertificateException refused) {
                throw refused;
            } catch (GeneralSecurityException impossible) {
                throw new CertificateException(impossible);
            }
        }
        try {
            check.by(now);
        } catch (CertificateException refused) {
            if (!isOfTime(refused)) {
                throw refused;
            }
            var other = nearest(chain).orElseThrow(() -> refused);
            try {
                check.by(manager(anchors, Optional.of(other)));
            } catch (GeneralSecurityException stillRefused) {
                refused.addSuppressed(stillRefused);
                throw refused;
            }
        }
    }

    private static boolean isOfTime(Throwable refusal) {
        for (var cause = refusal; cause != null; cause = cause.getCause()) {
            boolean ofTime = cause instanceof CertificateExpiredException
                    || cause instanceof CertificateNotYetValidException
                    || cause instanceof CertPathValidatorException path
                            && (path.getReason() == BasicReason.EXPIRED
                                    || path.getReason() == BasicReason.NOT_YET_VALID);
            if (ofTime) {
                return true;
            }
        }
        return false;
    }

    /** When all of the chain is good, as near to this machine's time as can be; nothing when that is too far. */
    private Optional<Instant> nearest(X509Certificate[] chain) {
        var begin = Arrays.stream(chain)
                .map(certificate -> certificate.getNotBefore().toInstant())
                .max(Instant::compareTo)
                .orElseThrow();
        var end = Arrays.stream(chain)
                .map(certificate -> certificate.getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElseThrow();
        var machine = time.instant();
        var fitting = machine.isBefore(begin) ? begin : machine.isAfter(end) ? end : machine;
        boolean near = Duration.between(machine, fitting).abs().compareTo(TOLERANCE) <= 0;
        return begin.isBefore(end) && near ? Optional.of(fitting) : Optional.empty();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        check(chain, manager -> manager.checkServerTrusted(chain, type, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        check(chain, manager -> manager.checkServerTrusted(chain, type, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check(chain, manager -> manager.checkServerTrusted(chain, type));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        throw new CertificateException("The agent's own calls have no clients");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        throw new CertificateException("The agent's own calls have no clients");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateException("The agent's own calls have no clients");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return now.getAcceptedIssuers();
    }
}

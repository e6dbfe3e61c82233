package org.countersign.agent.keys;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.jose.P256PublicKey;
import org.countersign.core.x509.CertificateEncoding;
import org.countersign.core.x509.CertificatePem;

/**
 * The TLS key and certificate of this installation. The certificate is by an authority of its own, whose names are
 * constrained to loopback's (RFC 5280 §4.2.1.10) and whose key is dropped as soon as it has signed: whoever makes the
 * authority trusted trusts nothing beyond this one certificate. A certificate for the same key by the distribution service
 * takes its place while the server runs.
 */
public final class LoopbackCertificate {

    private static final String KEY = "loopback-key.der";
    private static final String CHAIN = "loopback-chain.pem";
    private static final String SERVICE_CHAIN = "loopback-service-chain.pem";
    /** What a user makes trusted. */
    private static final String AUTHORITY = "loopback-authority.pem";

    private static final List<String> ADDRESSES = List.of("127.0.0.1", "::1");
    /** Browsers take no longer ones of authorities that are public; this is well below. */
    private static final Duration LIFE = Duration.ofDays(365);

    private static final Duration RENEWED_BEFORE = Duration.ofDays(30);
    private static final Duration BACKDATED = Duration.ofDays(1);
    private static final int SERIAL_BYTES = 16;
    private static final String ALGORITHM = "SHA256withECDSA";

    private final PrivateFolder folder;
    private final List<String> names;
    private final PrivateKey key;
    private final X509Certificate own;
    private volatile List<X509Certificate> chain;

    private LoopbackCertificate(PrivateFolder folder, List<String> names, PrivateKey key, List<X509Certificate> chain) {
        this.folder = folder;
        this.names = List.copyOf(names);
        this.key = key;
        this.own = chain.get(0);
        this.chain = List.copyOf(chain);
    }

    /** Has Java load what it needs for TLS, which takes a while, before the settings are known. */
    public static void prepare() {
        tls();
    }

    private static SSLContext tls() {
        try {
            return SSLContext.getInstance("TLS");
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("TLS can not be set up", impossible);
        }
    }

    /** The stored one, or a new one when it is for other names, or about to end. */
    public static LoopbackCertificate open(PrivateFolder folder, List<String> names, Entropy entropy, Clock clock) {
        var now = clock.instant();
        var stored = stored(folder, names);
        if (stored.isPresent()) {
            var loopback = stored.get();
            chain(folder, SERVICE_CHAIN)
                    .filter(service -> loopback.isGood(service, now))
                    .ifPresent(service -> loopback.chain = service);
            if (!loopback.inForce().equals(loopback.own) || loopback.isOwnGood(now)) {
                loopback.writeAuthority();
                return loopback;
            }
        }
        return made(folder, names, entropy, now);
    }

    /** Of the chain in force; a kill may have kept it from its file. */
    private void writeAuthority() {
        var authority = text(CertificatePem.write(chain.get(chain.size() - 1)));
        // It rarely changes, and a write waits for the disk.
        if (folder.read(AUTHORITY)
                .filter(there -> MessageDigest.isEqual(there, authority))
                .isEmpty()) {
            folder.write(AUTHORITY, authority);
        }
    }

    /** Shows whichever certificate is in force at the moment. */
    public SSLContext context() {
        try {
            var context = tls();
            // No client has a certificate to judge. Null would read Java's own authorities, which takes time and
            // memory.
            context.init(new KeyManager[] {new OneKey(key, () -> chain)}, new TrustManager[0], null);
            return context;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("TLS can not be set up", impossible);
        }
    }

    /** Of the TLS key. */
    public P256PublicKey publicKey() {
        return P256PublicKey.of((ECPublicKey) own.getPublicKey());
    }

    /** For the proof that this installation holds it. */
    public PrivateKey privateKey() {
        return key;
    }

    /** The distribution service's certificate, or this installation's own. */
    public X509Certificate inForce() {
        return chain.get(0);
    }

    /**
     * Takes a chain of the distribution service, when it is good by this machine's clock, which browsers go by.
     *
     * @param service its own certificate first, then its authority's
     * @return whether it is in force now
     */
    public synchronized boolean take(List<X509Certificate> service, Instant now) {
        if (!isGood(service, now)) {
            return false;
        }
        var pem = service.stream().map(CertificatePem::write).collect(Collectors.joining());
        // On disk first: what a full disk keeps from being taken is offered again.
        folder.write(SERVICE_CHAIN, text(pem));
        chain = List.copyOf(service);
        writeAuthority();
        return true;
    }

    private boolean isGood(List<X509Certificate> service, Instant now) {
        return service.size() == 2
                && service.get(0).getPublicKey().equals(own.getPublicKey())
                && isBy(service.get(0), service.get(1))
                && dnsNames(service.get(0)).containsAll(names)
                && isIn(service.get(0), now, Duration.ZERO);
    }

    private static boolean isBy(X509Certificate certificate, X509Certificate authority) {
        try {
            certificate.verify(authority.getPublicKey());
            return certificate.getIssuerX500Principal().equals(authority.getSubjectX500Principal())
                    && authority.getBasicConstraints() >= 0;
        } catch (GeneralSecurityException byAnother) {
            return false;
        }
    }

    private boolean isOwnGood(Instant now) {
        return dnsNames(own).equals(new TreeSet<>(names)) && isIn(own, now, RENEWED_BEFORE);
    }

    private static boolean isIn(X509Certificate certificate, Instant now, Duration before) {
        return now.isAfter(certificate.getNotBefore().toInstant())
                && now.plus(before).isBefore(certificate.getNotAfter().toInstant());
    }

    private static Set<String> dnsNames(X509Certificate certificate) {
        var names = new TreeSet<String>();
        try {
            var all = certificate.getSubjectAlternativeNames();
            for (var name : all == null ? List.<List<?>>of() : all) {
                if (name.get(0).equals(GeneralName.dNSName)) {
                    names.add(name.get(1).toString());
                }
            }
        } catch (CertificateException unreadable) {
            names.clear();
        }
        return names;
    }

    private static Optional<LoopbackCertificate> stored(PrivateFolder folder, List<String> names) {
        var key = folder.read(KEY);
        var chain = chain(folder, CHAIN);
        if (key.isEmpty() || chain.isEmpty()) {
            return Optional.empty();
        }
        try {
            var opened = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(key.get()));
            return isPair(opened, chain.get().get(0))
                    ? Optional.of(new LoopbackCertificate(folder, names, opened, chain.get()))
                    : Optional.empty();
        } catch (GeneralSecurityException damaged) {
            return Optional.empty();
        }
    }

    /** The two are written one after the other, so that a kill can leave a new key with an old certificate. */
    private static boolean isPair(PrivateKey key, X509Certificate certificate) throws GeneralSecurityException {
        var signature = Signature.getInstance(ALGORITHM);
        signature.initSign(key);
        signature.update(certificate.getEncoded());
        var signed = signature.sign();
        signature.initVerify(certificate.getPublicKey());
        signature.update(certificate.getEncoded());
        return signature.verify(signed);
    }

    private static Optional<List<X509Certificate>> chain(PrivateFolder folder, String file) {
        return folder.read(file).flatMap(pem -> {
            try {
                var certificates =
                        CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem));
                return Optional.of(x509(certificates)).filter(list -> !list.isEmpty());
            } catch (CertificateException damaged) {
                return Optional.empty();
            }
        });
    }

    private static List<X509Certificate> x509(Collection<? extends java.security.cert.Certificate> certificates) {
        return certificates.stream().map(X509Certificate.class::cast).toList();
    }

    private static LoopbackCertificate made(PrivateFolder folder, List<String> names, Entropy entropy, Instant now) {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), entropy.secureRandom());
            // Lives in this method only.
            var authorityKey = generator.generateKeyPair();
            var key = generator.generateKeyPair();
            var number = Long.toHexString(entropy.uuid().getMostSignificantBits());
            var issuer = new X500Name("CN=Countersign loopback " + number);
            var authority = sign(
                    builder(issuer, issuer, authorityKey, entropy, now)
                            .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                            .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign))
                            .addExtension(Extension.nameConstraints, true, new NameConstraints(permitted(names), null))
                            .addExtension(
                                    Extension.extendedKeyUsage,
                                    false,
                                    new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth)),
                    authorityKey);
            var certificate = sign(
                    builder(issuer, new X500Name("CN=Countersign agent " + number), key, entropy, now)
                            .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                            .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                            .addExtension(
                                    Extension.extendedKeyUsage,
                                    false,
                                    new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
                            .addExtension(Extension.subjectAlternativeName, false, alternative(names)),
                    authorityKey);
            var encoded = key.getPrivate().getEncoded();
            folder.write(KEY, encoded);
            Arrays.fill(encoded, (byte) 0);
            folder.write(CHAIN, text(CertificatePem.write(certificate) + CertificatePem.write(authority)));
            var made = new LoopbackCertificate(folder, names, key.getPrivate(), List.of(certificate, authority));
            made.writeAuthority();
            return made;
        } catch (GeneralSecurityException | IOException | OperatorCreationException impossible) {
            throw new IllegalStateException("No loopback certificate can be made", impossible);
        }
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static X509v3CertificateBuilder builder(
            X500Name issuer, X500Name subject, KeyPair key, Entropy entropy, Instant now) {
        return new X509v3CertificateBuilder(
                issuer,
                new BigInteger(1, entropy.bytes(SERIAL_BYTES)).shiftRight(1).setBit(0),
                Date.from(now.minus(BACKDATED)),
                Date.from(now.plus(LIFE)),
                subject,
                SubjectPublicKeyInfo.getInstance(key.getPublic().getEncoded()));
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, KeyPair authority)
            throws OperatorCreationException, IOException {
        var signer = new JcaContentSignerBuilder(ALGORITHM).build(authority.getPrivate());
        return CertificateEncoding.decode(builder.build(signer).getEncoded());
    }

    private static GeneralNames alternative(List<String> names) {
        var all = new ArrayList<GeneralName>();
        names.forEach(name -> all.add(new GeneralName(GeneralName.dNSName, name)));
        ADDRESSES.forEach(address -> all.add(new GeneralName(GeneralName.iPAddress, address)));
        return new GeneralNames(all.toArray(GeneralName[]::new));
    }

    private static GeneralSubtree[] permitted(List<String> names) throws IOException {
        var all = new ArrayList<GeneralSubtree>();
        names.forEach(name -> all.add(new GeneralSubtree(new GeneralName(GeneralName.dNSName, name))));
        for (var literal : ADDRESSES) {
            // The address, then a mask of the same length.
            var address = InetAddress.getByName(literal).getAddress();
            var both = Arrays.copyOf(address, 2 * address.length);
            Arrays.fill(both, address.length, both.length, (byte) 0xff);
            all.add(new GeneralSubtree(new GeneralName(GeneralName.iPAddress, new DEROctetString(both))));
        }
        return all.toArray(GeneralSubtree[]::new);
    }
}

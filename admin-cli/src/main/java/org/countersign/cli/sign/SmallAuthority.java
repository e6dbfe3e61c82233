package org.countersign.cli.sign;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cms.CMSAbsentContent;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.util.CollectionStore;
import org.bouncycastle.util.io.pem.PemObject;
import org.countersign.core.entropy.Entropy;

/** A certificate authority for one certificate. Its name should tell whoever meets that what it is worth. */
public final class SmallAuthority {

    private static final Duration BACKDATED = Duration.ofMinutes(5);
    private static final int SERIAL_BITS = 127;

    private final Clock clock;
    private final Entropy entropy;
    private final Duration life;
    private final KeyPair keys;
    private final X509CertificateHolder certificate;

    /** @param life of its own certificate and the one it issues */
    public SmallAuthority(String commonName, Duration life, Clock clock, Entropy entropy) throws IOException {
        this.clock = clock;
        this.entropy = entropy;
        this.life = life;
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), entropy.secureRandom());
            keys = generator.generateKeyPair();
            // The serial number keeps the names of two such authorities apart.
            var name = new X500Name("CN=" + commonName + ",SERIALNUMBER=" + serial().toString(16));
            var builder = builder(
                    name,
                    name,
                    SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded()));
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
            certificate = sign(builder);
        } catch (GeneralSecurityException | OperatorCreationException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    private SmallAuthority(KeyPair keys, X509CertificateHolder certificate, Clock clock, Entropy entropy) {
        this.clock = clock;
        this.entropy = entropy;
        this.life = Duration.between(clock.instant(), certificate.getNotAfter().toInstant());
        this.keys = keys;
        this.certificate = certificate;
    }

    /** One that was stored by {@link #keyAndCertificate()}. */
    public static SmallAuthority restored(String pem, Clock clock, Entropy entropy) throws IOException {
        try (var parser = new PEMParser(new StringReader(pem))) {
            if (parser.readObject() instanceof PrivateKeyInfo key
                    && parser.readObject() instanceof X509CertificateHolder certificate) {
                var converter = new JcaPEMKeyConverter();
                var keys = new KeyPair(
                        converter.getPublicKey(certificate.getSubjectPublicKeyInfo()), converter.getPrivateKey(key));
                return new SmallAuthority(keys, certificate, clock, entropy);
            }
            throw new IOException("this is no stored authority");
        }
    }

    /** Its private key and its certificate, in PEM. */
    public String keyAndCertificate() throws IOException {
        return pem(new PemObject("PRIVATE KEY", keys.getPrivate().getEncoded())) + pem(certificate);
    }

    public X509CertificateHolder certificate() {
        return certificate;
    }

    /** @param csr PKCS #10 in PEM */
    public X509CertificateHolder issue(String csr) throws IOException {
        try (var parser = new PEMParser(new StringReader(csr))) {
            if (!(parser.readObject() instanceof PKCS10CertificationRequest request)) {
                throw new IOException("the server's answer is no certificate signing request");
            }
            var builder = builder(certificate.getSubject(), request.getSubject(), request.getSubjectPublicKeyInfo());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(
                    Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature | KeyUsage.nonRepudiation));
            return sign(builder);
        } catch (GeneralSecurityException | OperatorCreationException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    /** PKCS #7 in PEM, without content and signature: the usual envelope of a chain. */
    public static String pkcs7(X509CertificateHolder... chain) throws IOException {
        try {
            var generator = new CMSSignedDataGenerator();
            generator.addCertificates(new CollectionStore<>(List.of(chain)));
            return pem(generator.generate(new CMSAbsentContent(), false).toASN1Structure());
        } catch (CMSException impossible) {
            throw new IOException(impossible);
        }
    }

    public static String pem(Object object) throws IOException {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        }
        return text.toString();
    }

    private X509v3CertificateBuilder builder(X500Name issuer, X500Name subject, SubjectPublicKeyInfo key)
            throws IOException, GeneralSecurityException {
        var from = clock.instant().minus(BACKDATED);
        var builder = new X509v3CertificateBuilder(
                issuer, serial(), Date.from(from), Date.from(from.plus(life)), subject, key);
        var extensions = new JcaX509ExtensionUtils();
        builder.addExtension(Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(key));
        builder.addExtension(
                Extension.authorityKeyIdentifier, false, extensions.createAuthorityKeyIdentifier(keys.getPublic()));
        return builder;
    }

    private X509CertificateHolder sign(X509v3CertificateBuilder builder) throws OperatorCreationException {
        return builder.build(new JcaContentSignerBuilder("SHA256withECDSA")
                .setSecureRandom(entropy.secureRandom())
                .build(keys.getPrivate()));
    }

    private BigInteger serial() {
        return new BigInteger(SERIAL_BITS, entropy.secureRandom()).setBit(SERIAL_BITS - 1);
    }
}

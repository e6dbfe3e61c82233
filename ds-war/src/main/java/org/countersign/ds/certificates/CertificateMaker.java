package org.countersign.ds.certificates;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
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
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.operator.ContentSigner;
import org.countersign.core.entropy.Entropy;
import org.countersign.server.keys.SignatureAlgorithm;
import org.countersign.server.keys.SigningKey;

/**
 * Builds the two kinds of certificates. An authority's names are constrained (RFC 5280 §4.2.1.10) to loopback's and those
 * below them, so that whoever gets its key still can not pretend to be anybody else on the network.
 */
final class CertificateMaker {

    private static final List<String> ADDRESSES = List.of("127.0.0.1", "::1");
    private static final SignatureAlgorithm ALGORITHM = SignatureAlgorithm.SHA256WITHECDSA;
    private static final int SERIAL_BYTES = 16;
    /** X.520 has no room for more in a common name. */
    private static final int LONGEST_COMMON_NAME = 64;

    private final Entropy entropy;

    CertificateMaker(Entropy entropy) {
        this.entropy = entropy;
    }

    /** From when to when. */
    record Validity(Instant from, Instant to) {}

    X509Certificate authority(
            String organisation, LoopbackNames names, PublicKey key, SigningKey signing, Validity validity) {
        try {
            // Two authorities of one name, such as after a change of the names, must not be taken for each other.
            var name = name("Loopback " + Long.toHexString(entropy.uuid().getMostSignificantBits()), organisation);
            var extensions = new JcaX509ExtensionUtils();
            var builder = builder(name, name, key, validity)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
                    .addExtension(Extension.nameConstraints, true, new NameConstraints(permitted(names), null))
                    .addExtension(
                            Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
                    .addExtension(Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(key));
            return signed(builder, signing);
        } catch (IOException | NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("A certificate does not encode", impossible);
        }
    }

    X509Certificate loopback(
            X509Certificate authority,
            SigningKey signing,
            LoopbackNames names,
            PublicKey key,
            UUID device,
            Validity validity) {
        try {
            var extensions = new JcaX509ExtensionUtils();
            var issuer =
                    X500Name.getInstance(authority.getSubjectX500Principal().getEncoded());
            var builder = builder(issuer, name("Agent " + device, null), key, validity)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                    .addExtension(
                            Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
                    .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(alternative(names)))
                    .addExtension(Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(key))
                    .addExtension(
                            Extension.authorityKeyIdentifier,
                            false,
                            extensions.createAuthorityKeyIdentifier(authority.getPublicKey()));
            return signed(builder, signing);
        } catch (IOException | NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("A certificate does not encode", impossible);
        }
    }

    private X509v3CertificateBuilder builder(X500Name issuer, X500Name subject, PublicKey key, Validity validity) {
        return new X509v3CertificateBuilder(
                issuer,
                new BigInteger(1, entropy.bytes(SERIAL_BYTES)).shiftRight(1).setBit(0),
                Date.from(validity.from()),
                Date.from(validity.to()),
                subject,
                SubjectPublicKeyInfo.getInstance(key.getEncoded()));
    }

    private static X500Name name(String commonName, String organisation) {
        var name = new X500NameBuilder(BCStyle.INSTANCE);
        if (organisation != null) {
            int end = Math.min(organisation.length(), LONGEST_COMMON_NAME);
            boolean half = Character.isHighSurrogate(organisation.charAt(end - 1));
            // As a string: a text would be read, and a leading # taken for hexadecimal digits.
            name.addRDN(BCStyle.O, new DERUTF8String(organisation.substring(0, half ? end - 1 : end)));
        }
        return name.addRDN(BCStyle.CN, commonName).build();
    }

    private static GeneralName[] alternative(LoopbackNames names) {
        var all = new ArrayList<GeneralName>();
        names.names().forEach(name -> all.add(new GeneralName(GeneralName.dNSName, name)));
        ADDRESSES.forEach(address -> all.add(new GeneralName(GeneralName.iPAddress, address)));
        return all.toArray(GeneralName[]::new);
    }

    private static GeneralSubtree[] permitted(LoopbackNames names) {
        var all = new ArrayList<GeneralSubtree>();
        names.names().forEach(name -> all.add(new GeneralSubtree(new GeneralName(GeneralName.dNSName, name))));
        ADDRESSES.forEach(address -> all.add(new GeneralSubtree(
                new GeneralName(GeneralName.iPAddress, new DEROctetString(addressAndMask(address))))));
        return all.toArray(GeneralSubtree[]::new);
    }

    /** RFC 5280 §4.2.1.10: the address, then a mask of the same length. */
    private static byte[] addressAndMask(String literal) {
        try {
            var address = InetAddress.getByName(literal).getAddress();
            var both = new byte[2 * address.length];
            System.arraycopy(address, 0, both, 0, address.length);
            Arrays.fill(both, address.length, both.length, (byte) 0xff);
            return both;
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static X509Certificate signed(X509v3CertificateBuilder builder, SigningKey signing) {
        try {
            return new JcaX509CertificateConverter().getCertificate(builder.build(new VaultSigner(signing)));
        } catch (CertificateException impossible) {
            throw new IllegalStateException("A certificate does not encode", impossible);
        }
    }

    /** Signs in the vault. */
    private static final class VaultSigner implements ContentSigner {

        private final SigningKey key;
        private final ByteArrayOutputStream content = new ByteArrayOutputStream();

        VaultSigner(SigningKey key) {
            this.key = key;
        }

        @Override
        public AlgorithmIdentifier getAlgorithmIdentifier() {
            return ALGORITHM.algorithmIdentifier();
        }

        @Override
        public OutputStream getOutputStream() {
            return content;
        }

        @Override
        public byte[] getSignature() {
            return key.sign(ALGORITHM, ALGORITHM.digest(content.toByteArray()));
        }
    }
}

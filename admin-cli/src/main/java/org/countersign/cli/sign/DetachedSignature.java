package org.countersign.cli.sign;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.time.Instant;
import java.util.Date;
import java.util.Hashtable;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.cms.Time;
import org.bouncycastle.asn1.ess.ESSCertIDv2;
import org.bouncycastle.asn1.ess.SigningCertificateV2;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableFile;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.DefaultSignedAttributeTableGenerator;
import org.bouncycastle.cms.SignerInfoGeneratorBuilder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.util.CollectionStore;

/**
 * A CMS SignedData (RFC 5652) over a file that stays outside it, with the signed attributes of CAdES-BES (ETSI EN 319
 * 122-1 §5.2): content type, message digest, signing time and signing certificate V2. The file is read as a stream.
 */
final class DetachedSignature {

    /** Has a SHA-256 hash signed with RSA PKCS #1 v1.5, somewhere. */
    @FunctionalInterface
    interface RemoteKey {
        byte[] sign(byte[] hash) throws IOException;
    }

    private final X509CertificateHolder certificate;
    private final RemoteKey key;

    DetachedSignature(X509CertificateHolder certificate, RemoteKey key) {
        this.certificate = certificate;
        this.key = key;
    }

    /** @return the signature in DER, checked against the file and the certificate */
    byte[] of(Path file, Instant signingTime) throws IOException {
        try {
            var generator = new CMSSignedDataGenerator();
            var digests = new JcaDigestCalculatorProviderBuilder().build();
            generator.addSignerInfoGenerator(new SignerInfoGeneratorBuilder(digests)
                    .setSignedAttributeGenerator(new DefaultSignedAttributeTableGenerator(attributes(signingTime)))
                    .build(new HashSigner(key), certificate));
            generator.addCertificates(new CollectionStore<>(List.of(certificate)));
            var signed = generator.generate(new CMSProcessableFile(file.toFile()), false);
            var signer = signed.getSignerInfos().getSigners().iterator().next();
            if (!signer.verify(new JcaSimpleSignerInfoVerifierBuilder().build(certificate))) {
                throw new IOException("the server's signature does not verify with the credential's certificate");
            }
            return signed.getEncoded("DER");
        } catch (UncheckedIOException remoteFailure) {
            throw remoteFailure.getCause();
        } catch (CMSException | OperatorCreationException | CertificateException failure) {
            throw new IOException("the signature could not be made: " + failure.getMessage(), failure);
        }
    }

    private AttributeTable attributes(Instant signingTime) throws IOException {
        var attributes = new Hashtable<ASN1ObjectIdentifier, Attribute>();
        put(attributes, new Attribute(CMSAttributes.signingTime, new DERSet(new Time(Date.from(signingTime)))));
        var reference = new SigningCertificateV2(new ESSCertIDv2(sha256().digest(certificate.getEncoded())));
        put(attributes, new Attribute(PKCSObjectIdentifiers.id_aa_signingCertificateV2, new DERSet(reference)));
        return new AttributeTable(attributes);
    }

    private static void put(Hashtable<ASN1ObjectIdentifier, Attribute> attributes, Attribute attribute) {
        attributes.put(attribute.getAttrType(), attribute);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    /** Collects the signed attributes, which are small, and has their hash signed. */
    private static final class HashSigner implements ContentSigner {

        private final ByteArrayOutputStream attributes = new ByteArrayOutputStream();
        private final RemoteKey key;

        HashSigner(RemoteKey key) {
            this.key = key;
        }

        @Override
        public AlgorithmIdentifier getAlgorithmIdentifier() {
            return new DefaultSignatureAlgorithmIdentifierFinder().find("SHA256WITHRSA");
        }

        @Override
        public OutputStream getOutputStream() {
            attributes.reset();
            return attributes;
        }

        @Override
        public byte[] getSignature() {
            try {
                return key.sign(sha256().digest(attributes.toByteArray()));
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }
}

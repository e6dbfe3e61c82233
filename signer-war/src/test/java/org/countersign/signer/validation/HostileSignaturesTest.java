package org.countersign.signer.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.countersign.server.keys.SignatureAlgorithm.SHA256WITHECDSA;

import com.sun.net.httpserver.HttpServer;
import eu.europa.esig.dss.asic.cades.ASiCWithCAdESSignatureParameters;
import eu.europa.esig.dss.asic.cades.signature.ASiCWithCAdESService;
import eu.europa.esig.dss.asic.xades.ASiCWithXAdESSignatureParameters;
import eu.europa.esig.dss.asic.xades.signature.ASiCWithXAdESService;
import eu.europa.esig.dss.enumerations.ASiCContainerType;
import eu.europa.esig.dss.enumerations.DigestAlgorithm;
import eu.europa.esig.dss.enumerations.SignatureAlgorithm;
import eu.europa.esig.dss.enumerations.SignatureLevel;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.InMemoryDocument;
import eu.europa.esig.dss.model.Policy;
import eu.europa.esig.dss.model.SignatureValue;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.pades.PAdESSignatureParameters;
import eu.europa.esig.dss.pades.signature.PAdESService;
import eu.europa.esig.dss.signature.AbstractSignatureParameters;
import eu.europa.esig.dss.signature.DocumentSignatureService;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.xml.crypto.dom.DOMStructure;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.DigestMethod;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import javax.xml.crypto.dsig.spec.XSLTTransformParameterSpec;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.countersign.core.error.ProtocolException;
import org.countersign.signer.ades.Trust;
import org.countersign.signer.documents.SigningSeat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signatures that would have their judge do more than judge. */
class HostileSignaturesTest {

    private static final SigningSeat SEAT = SigningSeat.of(SHA256WITHECDSA);
    private static final DSSDocument TEXT = new InMemoryDocument("a text".getBytes(StandardCharsets.UTF_8), "a.txt");

    private final Trust trust = new Trust(List.of(SigningSeat.root()), Optional.empty());
    private final ValidateDocument validate = new ValidateDocument(trust, Clock.systemUTC());

    @TempDir
    private Path folder;

    @Test
    void no_policy_is_fetched_that_a_signature_names() throws IOException {
        var requests = new AtomicInteger();
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        server.start();
        try {
            var policy = new Policy();
            policy.setId("1.2.3.4");
            policy.setDigestAlgorithm(DigestAlgorithm.SHA256);
            policy.setDigestValue(new byte[32]);
            policy.setSpuri("http://127.0.0.1:" + server.getAddress().getPort() + "/policy");
            var xades = new ASiCWithXAdESSignatureParameters();
            xades.aSiC().setContainerType(ASiCContainerType.ASiC_E);
            xades.setSignatureLevel(SignatureLevel.XAdES_BASELINE_B);
            xades.bLevel().setSignaturePolicy(policy);
            var cades = new ASiCWithCAdESSignatureParameters();
            cades.aSiC().setContainerType(ASiCContainerType.ASiC_E);
            cades.setSignatureLevel(SignatureLevel.CAdES_BASELINE_B);
            cades.bLevel().setSignaturePolicy(policy);
            for (var signed : List.of(
                    sign(new ASiCWithXAdESService(trust.verifier()), xades, TEXT),
                    sign(new ASiCWithCAdESService(trust.verifier()), cades, TEXT))) {
                assertThat(judged(signed).signatures()).hasSize(1);
            }
            assertThat(requests).hasValue(0);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void no_key_is_tried_that_takes_long() throws Exception {
        // Bouncy Castle takes seconds for each signature that might be by it.
        var slow = slowCertificate();
        var cms = new CMSSignedDataGenerator();
        cms.addCertificate(slow);
        cms.addCertificate(
                new JcaX509CertificateHolder(SEAT.chain().certificates().get(0)));
        cms.addSignerInfoGenerator(new JcaSimpleSignerInfoGeneratorBuilder()
                .build(
                        "SHA256withECDSA",
                        SEAT.key(),
                        SEAT.chain().certificates().get(0)));
        var signed =
                cms.generate(new CMSProcessableByteArray(new byte[] {1}), true).getEncoded();
        var stamp = SigningSeat.stamps(List.of(slow)).getTimeStampResponse(DigestAlgorithm.SHA256, new byte[32]);
        for (var bytes : List.of(signed, stamp.getBytes())) {
            assertThatThrownBy(() -> judged(new InMemoryDocument(bytes)))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageContaining("The key of a certificate is longer than is usual");
        }
    }

    private static X509CertificateHolder slowCertificate() throws Exception {
        var now = Instant.now();
        return new X509v3CertificateBuilder(
                        new X500Name("CN=Slow"),
                        BigInteger.ONE,
                        Date.from(now),
                        Date.from(now.plusSeconds(60)),
                        new X500Name("CN=Slow"),
                        SubjectPublicKeyInfo.getInstance(
                                SlowKey.pair().getPublic().getEncoded()))
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(SEAT.key()));
    }

    @Test
    void what_is_trusted_for_time_stamps_is_not_for_signers() throws IOException {
        var parameters = new ASiCWithXAdESSignatureParameters();
        parameters.aSiC().setContainerType(ASiCContainerType.ASiC_E);
        parameters.setSignatureLevel(SignatureLevel.XAdES_BASELINE_B);
        var signed = folder.resolve("signed");
        sign(new ASiCWithXAdESService(trust.verifier()), parameters, TEXT).save(signed.toString());
        var root = List.of(SigningSeat.root());
        for (var stamping : List.of(true, false)) {
            var judge = new ValidateDocument(
                    new Trust(stamping ? List.of() : root, root, Optional.empty()), Clock.systemUTC());
            assertThat(judge.validate(signed, Optional.empty(), false).signatures())
                    .extracting(Explanation.Signature::indication)
                    .containsExactly(stamping ? "INDETERMINATE" : "TOTAL_PASSED");
        }
    }

    /** PDFBox finds no page of that number, and DSS then tells of no change at all. */
    @Test
    void changes_of_a_pdf_that_can_not_be_compared_are_no_absence_of_changes() throws Exception {
        var before = new ByteArrayOutputStream();
        try (var pdf = new PDDocument()) {
            pdf.addPage(new PDPage());
            pdf.save(before);
        }
        var parameters = new PAdESSignatureParameters();
        parameters.setSignatureLevel(SignatureLevel.PAdES_BASELINE_B);
        var signed = sign(new PAdESService(trust.verifier()), parameters, new InMemoryDocument(before.toByteArray()));
        assertThat(judged(signed).signatures())
                .extracting(Explanation.Signature::indication)
                .containsExactly("TOTAL_PASSED");
        var changed = new ByteArrayOutputStream();
        try (var content = signed.openStream();
                var pdf = Loader.loadPDF(content.readAllBytes())) {
            var pages = pdf.getPages().getCOSObject();
            pdf.getPage(0).setRotation(90);
            pdf.getPage(0).getCOSObject().setNeedToBeUpdated(true);
            pages.setInt(COSName.COUNT, 2);
            pages.setNeedToBeUpdated(true);
            pdf.saveIncremental(changed);
        }
        var hostile = new InMemoryDocument(changed.toByteArray());
        assertThatThrownBy(() -> judged(hostile))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("invalid_request: What changed in the document after a signature can not be told");
    }

    /** The stylesheet answers what the signature is of, whatever the document is, so that running it would be seen. */
    @Test
    void no_stylesheet_is_run() throws Exception {
        var judged = judged(new InMemoryDocument(signedThroughTransforms(
                        1,
                        "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'>"
                                + "<xsl:output omit-xml-declaration='yes'/>"
                                + "<xsl:template match='/'><always/></xsl:template></xsl:stylesheet>")))
                .signatures()
                .get(0);
        assertThat(judged.errors())
                .contains("The reference data object is not intact!")
                .doesNotContain("The signature is not intact!");
    }

    @Test
    void a_signature_has_a_bounded_number_of_transforms() throws Exception {
        var few = new InMemoryDocument(signedThroughTransforms(100, null));
        assertThat(judged(few).signatures()).hasSize(1);
        var many = new InMemoryDocument(signedThroughTransforms(101, null));
        assertThatThrownBy(() -> judged(many))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("The document's signatures take too much work");
    }

    /** By the JDK, as none here would make it. @param stylesheet instead of a canonicalization */
    private static byte[] signedThroughTransforms(int count, String stylesheet) throws Exception {
        var builders = DocumentBuilderFactory.newInstance();
        builders.setNamespaceAware(true);
        var document = builders.newDocumentBuilder()
                .parse(new ByteArrayInputStream("<order><item>1</item></order>".getBytes(StandardCharsets.UTF_8)));
        var factory = XMLSignatureFactory.getInstance("DOM");
        var transforms = new ArrayList<Transform>();
        transforms.add(factory.newTransform(Transform.ENVELOPED, (TransformParameterSpec) null));
        for (int i = 1; i < count; i++) {
            transforms.add(factory.newTransform(CanonicalizationMethod.EXCLUSIVE, (TransformParameterSpec) null));
        }
        if (stylesheet != null) {
            var parsed = builders.newDocumentBuilder()
                    .parse(new ByteArrayInputStream(stylesheet.getBytes(StandardCharsets.UTF_8)));
            transforms.add(factory.newTransform(
                    Transform.XSLT, new XSLTTransformParameterSpec(new DOMStructure(parsed.getDocumentElement()))));
        }
        var reference =
                factory.newReference("", factory.newDigestMethod(DigestMethod.SHA256, null), transforms, null, null);
        var keys = factory.getKeyInfoFactory();
        factory.newXMLSignature(
                        factory.newSignedInfo(
                                factory.newCanonicalizationMethod(
                                        CanonicalizationMethod.EXCLUSIVE, (C14NMethodParameterSpec) null),
                                factory.newSignatureMethod("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", null),
                                List.of(reference)),
                        keys.newKeyInfo(List.of(keys.newX509Data(SEAT.chain().certificates()))))
                .sign(new DOMSignContext(SEAT.key(), document.getDocumentElement()));
        var out = new ByteArrayOutputStream();
        TransformerFactory.newInstance().newTransformer().transform(new DOMSource(document), new StreamResult(out));
        return out.toByteArray();
    }

    private Explanation judged(DSSDocument signed) throws IOException {
        var file = folder.resolve("signed");
        signed.save(file.toString());
        return validate.validate(file, Optional.empty(), false);
    }

    private static <P extends AbstractSignatureParameters<?>> DSSDocument sign(
            DocumentSignatureService<P, ?> service, P parameters, DSSDocument document) {
        var certificates =
                SEAT.chain().certificates().stream().map(CertificateToken::new).toList();
        parameters.setSigningCertificate(certificates.get(0));
        parameters.setCertificateChain(certificates);
        parameters.setEncryptionAlgorithm(SignatureAlgorithm.ECDSA_SHA256.getEncryptionAlgorithm());
        parameters.setDigestAlgorithm(DigestAlgorithm.SHA256);
        var data = service.getDataToSign(document, parameters).getBytes();
        return service.signDocument(
                document,
                parameters,
                new SignatureValue(SignatureAlgorithm.ECDSA_SHA256, SEAT.sign(SHA256WITHECDSA, data)));
    }
}

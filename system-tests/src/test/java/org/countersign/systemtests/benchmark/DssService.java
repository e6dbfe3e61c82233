package org.countersign.systemtests.benchmark;

import eu.europa.esig.dss.crl.CRLUtils;
import eu.europa.esig.dss.enumerations.DigestAlgorithm;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.token.Pkcs12SignatureToken;
import eu.europa.esig.dss.utils.Utils;
import eu.europa.esig.dss.ws.converter.DTOConverter;
import eu.europa.esig.dss.ws.dto.DigestDTO;
import eu.europa.esig.dss.ws.server.signing.common.RemoteSignatureTokenConnectionImpl;
import eu.europa.esig.dss.ws.server.signing.dto.RemoteKeyEntry;
import eu.europa.esig.dss.ws.server.signing.rest.RestSignatureTokenConnectionImpl;
import eu.europa.esig.dss.ws.server.signing.rest.client.RestSignatureTokenConnection;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.countersign.cli.process.Daemon;
import org.countersign.cli.servers.Deployments;
import org.countersign.systemtests.harness.TestServer;

/**
 * What the signer is compared with: EU DSS's server-signing REST service, deployed beside it on the same server. It has the key
 * open, and asks for no token, no factor and no authorization, and writes no log: what is left of signing over REST without them.
 */
final class DssService {

    private static final String NAME = "dss";
    private static final long POLL_MILLIS = 200;
    private static final int PATIENCE_POLLS = 600;
    private static final long DAY = 86_400;

    /** One class of every library that goes into the archive. */
    private static final List<Class<?>> LIBRARIES = List.of(
            RestSignatureTokenConnectionImpl.class,
            RestSignatureTokenConnection.class,
            RemoteSignatureTokenConnectionImpl.class,
            RemoteKeyEntry.class,
            DigestDTO.class,
            DTOConverter.class,
            Pkcs12SignatureToken.class,
            DSSDocument.class,
            DSSUtils.class,
            DigestAlgorithm.class,
            Utils.class,
            CRLUtils.class,
            eu.europa.esig.dss.alert.Alert.class,
            eu.europa.esig.dss.utils.apache.impl.ApacheCommonsUtils.class,
            org.apache.commons.codec.binary.Base64.class,
            org.apache.commons.collections4.CollectionUtils.class,
            org.apache.commons.io.IOUtils.class,
            org.apache.commons.lang3.StringUtils.class,
            X500Name.class,
            X509v3CertificateBuilder.class,
            org.bouncycastle.asn1.tsp.TSTInfo.class);

    private DssService() {}

    /** Deploys it. @return its address */
    static URI deploy(TestServer server, List<BenchmarkKey> keys) throws IOException, GeneralSecurityException {
        var deployments = server.applicationServer().deployments();
        var archive = server.folder().resolve(NAME + ".war");
        write(archive, keyStore(keys));
        deployments.deploy(NAME + ".war", archive);
        for (int polls = 0; ; polls++) {
            var state = deployments.state(NAME + ".war");
            if (state.phase() == Deployments.Phase.DEPLOYED) {
                return server.applicationServer().address().resolve("/" + NAME);
            }
            if (state.phase() == Deployments.Phase.FAILED || polls > PATIENCE_POLLS) {
                throw new IOException("The server does not deploy EU DSS's service: " + state.message());
            }
            Daemon.pause(POLL_MILLIS);
        }
    }

    private static void write(Path archive, KeyStore keys) throws IOException, GeneralSecurityException {
        try (var zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            zip.putNextEntry(new ZipEntry("WEB-INF/web.xml"));
            // DSS's own clients write binary values in base64, as Jackson does; JSON-B would want arrays of numbers.
            zip.write("""
                    <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
                      <context-param>
                        <param-name>resteasy.preferJacksonOverJsonB</param-name>
                        <param-value>true</param-value>
                      </context-param>
                    </web-app>
                    """.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            zip.putNextEntry(new ZipEntry("WEB-INF/classes/" + DssApplication.KEY_STORE));
            keys.store(withoutClosing(zip), DssApplication.PASSWORD);
            var code = DssApplication.class.getName().replace('.', '/') + ".class";
            zip.putNextEntry(new ZipEntry("WEB-INF/classes/" + code));
            try (var in = DssApplication.class.getClassLoader().getResourceAsStream(code)) {
                in.transferTo(zip);
            }
            var added = new HashSet<Path>();
            for (var type : LIBRARIES) {
                var library = Path.of(
                        type.getProtectionDomain().getCodeSource().getLocation().toURI());
                if (added.add(library)) {
                    zip.putNextEntry(new ZipEntry("WEB-INF/lib/" + library.getFileName()));
                    Files.copy(library, zip);
                }
            }
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static OutputStream withoutClosing(OutputStream out) {
        return new java.io.FilterOutputStream(out) {
            @Override
            public void close() throws IOException {
                flush();
            }
        };
    }

    private static KeyStore keyStore(List<BenchmarkKey> keys) throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (var key : keys) {
            var generator = KeyPairGenerator.getInstance(key.isRsa() ? "RSA" : "EC");
            generator.initialize(key.bits());
            var pair = generator.generateKeyPair();
            store.setKeyEntry(
                    key.name(), pair.getPrivate(), DssApplication.PASSWORD, new Certificate[] {certificate(key, pair)});
        }
        return store;
    }

    private static Certificate certificate(BenchmarkKey key, java.security.KeyPair pair)
            throws GeneralSecurityException {
        var name = new X500Name("CN=" + key.name());
        var now = Instant.now();
        try {
            return new JcaX509CertificateConverter()
                    .getCertificate(new X509v3CertificateBuilder(
                                    name,
                                    BigInteger.ONE,
                                    Date.from(now),
                                    Date.from(now.plusSeconds(DAY)),
                                    name,
                                    SubjectPublicKeyInfo.getInstance(
                                            pair.getPublic().getEncoded()))
                            .build(new JcaContentSignerBuilder(key.jcaName()).build(pair.getPrivate())));
        } catch (OperatorCreationException failure) {
            throw new GeneralSecurityException(failure);
        }
    }
}

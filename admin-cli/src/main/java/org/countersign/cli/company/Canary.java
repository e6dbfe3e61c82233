package org.countersign.cli.company;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.countersign.cli.process.Folders;
import org.countersign.cli.process.Ownership;
import org.countersign.cli.process.PrivateFile;
import org.countersign.cli.sign.ServerAnswer;
import org.countersign.cli.sign.SignerApi;
import org.countersign.cli.sign.SmallAuthority;
import org.countersign.cli.terminal.Refusal;
import org.countersign.core.entropy.Entropy;

/**
 * A credential of nobody's that shows whether a company's server signs: with a tenant, a client and an authority of its own,
 * so that what it signs is worth nothing to others. Enrolled once; signed with after every change, it proves that keys,
 * PINs and certificates of before work.
 *
 * @param authority key and certificate in PEM until it has issued the one certificate, then empty
 * @param credential empty until enrolled
 * @param certificate of the credential, DER; empty until enrolled
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record Canary(String clientSecret, String authority, String credential, String pin, byte[] certificate) {

    static final String TENANT = "countersign-canary";
    static final String CLIENT = "countersign-canary";

    private static final JsonMapper JSON = new JsonMapper();
    private static final String SEAT = "canary";
    private static final String AUTHORITY = "Countersign canary CA - trust nothing it signs";
    private static final Duration LIFE = Duration.ofDays(3650);
    private static final int KEY_LENGTH = 2048;

    static Path file(Site site, String company) {
        return site.state().resolve("canary").resolve(company + ".json");
    }

    /** The file of the client's secret alone, for the configuration file to refer to. */
    static Path secretFile(Site site, String company) {
        return site.state().resolve("canary").resolve(company + ".secret");
    }

    static Optional<Canary> load(Site site, String company) throws IOException {
        var file = file(site, company);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        PrivateFile.refuseReadableByOthers(file);
        return Optional.of(JSON.readValue(Files.readAllBytes(file), Canary.class));
    }

    /**
     * One that has to be made known to the company before it can be enrolled. The client's secret is that of the canary
     * before, if there was one: the company may have the client already, and keeps its secret.
     */
    static Canary begin(Site site, String company, Clock clock, Entropy entropy) throws IOException {
        var pin = String.format(Locale.ROOT, "%08d", entropy.secureRandom().nextInt(100_000_000));
        var authority = new SmallAuthority(AUTHORITY, LIFE, clock, entropy).keyAndCertificate();
        var before = load(site, company).map(Canary::clientSecret);
        var canary = new Canary(before.orElseGet(entropy::token), authority, "", pin, new byte[0]);
        // The server's user's, for the secret in there is for the server to read.
        var folder = file(site, company).getParent();
        if (!Files.isDirectory(folder)) {
            Ownership.take(Folders.createPrivate(folder), site.deploymentFolder());
        }
        DurableFile.write(
                secretFile(site, company),
                canary.clientSecret().getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                DurableFile.OWNER_ONLY);
        canary.save(site, company);
        return canary;
    }

    boolean isEnrolled() {
        return !credential.isEmpty();
    }

    /** The authority's certificate in PEM, which the tenant has to trust. */
    String anchor() {
        return authority.substring(authority.indexOf("-----BEGIN CERTIFICATE-----"));
    }

    /** @throws ServerAnswer when the company does not know tenant or client yet */
    Canary enrol(Site site, String company, String configuration, Clock clock, Entropy entropy) throws IOException {
        var api = new SignerApi(site.context(company));
        var token = api.token(CLIENT, clientSecret, "");
        var id = api.create(token, TENANT, SEAT, configuration);
        api.setPin(token, id, pin);
        var csr = api.keyPair(token, id, KEY_LENGTH, "CN=Countersign canary of " + company);
        var ca = SmallAuthority.restored(authority, clock, entropy);
        var issued = ca.issue(csr);
        api.certificate(token, id, SmallAuthority.pkcs7(issued, ca.certificate()));
        var enrolled = new Canary(clientSecret, "", id, pin, issued.getEncoded());
        enrolled.save(site, company);
        return enrolled;
    }

    /** Has a fresh text signed and checks the signature. @throws Refusal saying what failed */
    void prove(URI context, Entropy entropy) throws IOException {
        try {
            var api = new SignerApi(context);
            var text = ("Countersign canary " + entropy.token()).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            var hash = MessageDigest.getInstance("SHA-256").digest(text);
            var token = api.token(CLIENT, clientSecret, "seat:" + SEAT + "@" + TENANT);
            var sad = api.authorize(token, credential, hash, pin, "");
            var signature = api.sign(token, credential, sad, hash);
            var verifier = Signature.getInstance("SHA256withRSA");
            verifier.initVerify(CertificateFactory.getInstance("X.509")
                    .generateCertificate(new java.io.ByteArrayInputStream(certificate)));
            verifier.update(text);
            if (!verifier.verify(signature)) {
                throw Refusal.failed("The canary's signature at " + context + " does not verify.");
            }
        } catch (ServerAnswer refused) {
            throw Refusal.failed("The canary could not sign at " + context + ": " + refused.getMessage());
        } catch (GeneralSecurityException malformed) {
            throw Refusal.failed("The canary's signature at " + context + " is none: " + malformed.getMessage());
        }
    }

    private void save(Site site, String company) throws IOException {
        DurableFile.write(file(site, company), JSON.writeValueAsBytes(this), DurableFile.OWNER_ONLY);
    }

    @Override
    public String toString() {
        return "the canary with credential " + credential;
    }
}

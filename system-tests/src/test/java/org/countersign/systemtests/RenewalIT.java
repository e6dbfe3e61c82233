package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bouncycastle.cert.X509CertificateHolder;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.Authenticator;
import org.countersign.systemtests.harness.Caller;
import org.countersign.systemtests.harness.Enrolment;
import org.countersign.systemtests.harness.Holder;
import org.countersign.systemtests.harness.KeyKind;
import org.countersign.systemtests.harness.OpenSsl;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.TestAuthority;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The renewal of a credential's certificate, with the key that it has or another. */
@ExtendWith(RunningServer.class)
class RenewalIT extends LivingCredentials {

    RenewalIT(Platform platform) {
        super(platform);
    }

    @Test
    void keepsTheKeyAndTakesTheNewCertificate() {
        var holder = enrolled("renew-same", "pin");
        var former = certificate(holder);
        var key = keyId(holder);
        var hashes = holder.hashes("document");
        var sad = holder.sad(hashes);
        renewed(holder, former(former)).refused(409, "conflict", "No renewal waits for its certificate");

        var csr = asked(holder, Map.of());

        assertThat(TestAuthority.request(csr).getSubject())
                .isEqualTo(former(former).getSubject());
        assertThat(TestAuthority.request(csr).getSubjectPublicKeyInfo())
                .isEqualTo(former(former).getSubjectPublicKeyInfo());
        renewed(holder, former(former)).refused(400, "invalid_request", "The credential has this certificate already");
        assertThat(certificate(holder)).isEqualTo(former);
        renewed(holder, platform.authority().issue(csr)).ok();

        var certificate = certificate(holder);
        assertThat(certificate).isNotEqualTo(former);
        assertThat(keyId(holder)).isEqualTo(key);
        // The key is the one that was authorized.
        var signature = holder.sign(sad, hashes).ok().texts("signatures").get(0);
        assertThat(OpenSsl.verifies(holder.kind(), certificate, hashes.get(0), signature))
                .isTrue();
        renewed(holder, platform.authority().issue(csr))
                .refused(409, "conflict", "No renewal waits for its certificate");
        assertThat(audited(holder)).contains("renewal.requested SUCCESS", "certificate.renewed SUCCESS");
    }

    /** The keys of one tenant are in a folder, the other's in the database. */
    @ParameterizedTest
    @ValueSource(strings = {"globex", "initech"})
    void withANewKeySignsByTheFormerOneUntilTheCertificateIsThere(String tenant) {
        var name = "renew-" + tenant;
        var holder = new Enrolment(
                        platform.globex(),
                        name,
                        platform.newClient(name, ALL + ",tenantName:initech"),
                        platform.authority())
                .tenant(tenant)
                .enrol(name);
        var former = certificate(holder);
        var formerKey = keyId(holder);
        var hashes = holder.hashes("document");

        var first = asked(holder, Map.of("newKey", true));
        var replaced = one("SELECT new_key_id FROM credential WHERE id = '" + holder.credential() + "'");
        var csr = asked(holder, Map.of("newKey", true, "keyAlgorithm", "RSA", "keyLength", 2048));

        assertThat(OpenSsl.verifiesRequest(csr)).isTrue();
        assertThat(isKept(replaced)).isFalse();
        var signature =
                holder.sign(holder.sad(hashes), hashes).ok().texts("signatures").get(0);
        assertThat(certificate(holder)).isEqualTo(former);
        assertThat(OpenSsl.verifies(holder.kind(), former, hashes.get(0), signature))
                .isTrue();
        var sad = holder.sad(hashes);
        renewed(holder, platform.authority().issue(first))
                .refused(400, "invalid_request", "No certificate carries the public key of the credential");

        renewed(holder, platform.authority().issue(csr)).ok();

        holder.sign(sad, hashes).refused(400, "invalid_sad", "The SAD is invalid");
        var rsa = new Holder(holder.caller(), holder.credential(), KeyKind.RSA_2048, holder.pin(), null);
        signature = rsa.sign(rsa.sad(hashes), hashes).ok().texts("signatures").get(0);
        assertThat(certificate(rsa)).isNotEqualTo(former);
        assertThat(OpenSsl.verifies(KeyKind.RSA_2048, certificate(rsa), hashes.get(0), signature))
                .isTrue();
        assertThat(keyId(rsa)).isNotEqualTo(formerKey);
        assertThat(isKept(formerKey)).isFalse();
        assertThat(isKept(keyId(rsa))).isTrue();
        assertThat(audited(rsa)).contains("certificate.renewed SUCCESS", "key.destroyed SUCCESS");
    }

    /** Who asked may be the one that the holder shuts out. */
    @Test
    void endsWithAChangeOfPinAndWithANewOneTimePassword() {
        var changed = enrolled("renew-pin", "pin");
        var csr = asked(changed, Map.of("newKey", true));
        act(changed, "pin/change", with(changed.factors(), "newPIN", NEW_PIN)).ok();
        renewed(changed, platform.authority().issue(csr))
                .refused(409, "conflict", "No renewal waits for its certificate");

        var holder = enrolled("renew-otp", "otp");
        csr = asked(holder, Map.of());
        var newer = new Authenticator(
                act(holder, "otp/replace", holder.factors()).ok().text("secret"));
        act(holder, "otp/replace/confirm", Map.of("value", newer.next())).ok();
        renewed(holder, platform.authority().issue(csr))
                .refused(409, "conflict", "No renewal waits for its certificate");

        // Asked for by the new factor, the new key is opened by it.
        var owner = new Holder(holder.caller(), holder.credential(), holder.kind(), null, newer);
        csr = asked(owner, Map.of("newKey", true));
        renewed(owner, platform.authority().issue(csr)).ok();
        var hashes = owner.hashes("document");
        var signature =
                owner.sign(owner.sad(hashes), hashes).ok().texts("signatures").get(0);
        assertThat(OpenSsl.verifies(owner.kind(), certificate(owner), hashes.get(0), signature))
                .isTrue();
    }

    /** What protects a key is not what the database says at the moment. */
    @Test
    void givesNoKeyThatOpensWithLess() {
        var holder = enrolled("renew-weaker", "pin-otp");
        var credential = " WHERE id = '" + holder.credential() + "'";
        one("UPDATE credential SET configuration_id = 'pin'" + credential + " RETURNING id");
        assertThat(act(holder, "renewal", Map.of("PIN", Enrolment.PIN, "newKey", true))
                        .refusal()
                        .text("error"))
                .isEqualTo("server_error");
        assertThat(one("SELECT count(*) FROM credential" + credential + " AND renewal_at IS NULL"))
                .isEqualTo("1");
        one("UPDATE credential SET configuration_id = 'pin-otp'" + credential + " RETURNING id");
        holder.sign(holder.sad(holder.hashes("document")), holder.hashes("document"))
                .ok();
    }

    @Test
    void countsWrongFactorsAndLocks() {
        var holder = enrolled("renew-wrong", "pin");
        act(holder, "renewal", Map.of()).refused(400, "invalid_request", "PIN is required");
        for (int i = 0; i < 3; i++) {
            act(holder, "renewal", Map.of("PIN", "000000", "newKey", true))
                    .refused(400, "invalid_pin", "The PIN is invalid");
        }
        act(holder, "renewal", holder.factors()).refused(403, "credential_locked", "The credential is locked");
        assertThat(audited(holder))
                .contains("renewal.requested FAILURE", "credential.locked SUCCESS")
                .doesNotContain("renewal.requested SUCCESS");
    }

    @Test
    void endsWithASuspensionAndIsAskedForInServiceOnly() {
        var holder = enrolled("renew-suspended", "pin");
        var csr = asked(holder, Map.of("newKey", true));
        act(holder, "suspend", holder.factors()).ok();

        renewed(holder, platform.authority().issue(csr)).refused(409, "conflict", "The credential is suspended");
        act(holder, "renewal", holder.factors()).refused(409, "conflict", "The credential is suspended");
        act(holder, "resume", holder.factors()).ok();
        renewed(holder, platform.authority().issue(csr))
                .refused(409, "conflict", "No renewal waits for its certificate");
        assertThat(audited(holder)).contains("renewal.requested FAILURE", "certificate.renewed FAILURE");
        holder.sign(holder.sad(holder.hashes("document")), holder.hashes("document"))
                .ok();
    }

    @Test
    void saysWhatIsWrongWithTheRequestAndCostsNoTry() {
        var holder = enrolled("renew-request", "pin");
        act(holder, "renewal", Map.of("PIN", "000000", "keyAlgorithm", "RSA", "keyLength", 2048))
                .refused(400, "invalid_request", "keyAlgorithm, keyLength and curve are for a newKey");
        act(holder, "renewal", Map.of("PIN", "000000", "csrSignatureAlgorithm", "SHA256WITHRSA"))
                .refusal();
        var csr = asked(holder, Map.of("subject", "CN=Jane Doe,O=Globex"));
        assertThat(TestAuthority.request(csr).getSubject()).hasToString("O=Globex,CN=Jane Doe");
        generator(holder)
                .act(holder.credential(), "renewal/certificate", Map.of("pkcs7", ""))
                .refused(400, "invalid_request", "pkcs7 is required");
    }

    @Test
    void isBroughtByWhoSetTheCredentialUp() {
        var holder = enrolled("renew-stranger", "pin");
        var body =
                Map.of("pkcs7", platform.authority().pkcs7(platform.authority().issue(asked(holder, Map.of()))));
        var other = platform.newClient("renew-stranger-other", ALL);
        platform.globex()
                .as("renew-stranger-other", other, "")
                .act(holder.credential(), "renewal/certificate", body)
                .refused(404, "not_found", "The credential was not found");
        platform.globex()
                .as("renew-stranger", "secret of renew-stranger", "seat:somebody@globex")
                .act(holder.credential(), "renewal/certificate", body)
                .refused(404, "not_found", "The credential was not found");
        var signer = platform.newClient(
                "renew-stranger-signer", "trustLevel:trustedClient,apiGroup:signer,tenantName:globex");
        platform.globex()
                .as("renew-stranger-signer", signer, "seat:renew-stranger@globex")
                .act(holder.credential(), "renewal/certificate", body)
                .refused(403, "access_denied", "Access is denied");
        generator(holder).act(holder.credential(), "renewal/certificate", body).ok();
    }

    private String asked(Holder holder, Map<String, ?> request) {
        var body = new LinkedHashMap<String, Object>(holder.factors());
        body.putAll(request);
        return act(holder, "renewal", body).ok().text("csr");
    }

    private Answer renewed(Holder holder, X509CertificateHolder certificate) {
        return generator(holder)
                .act(
                        holder.credential(),
                        "renewal/certificate",
                        Map.of("pkcs7", platform.authority().pkcs7(certificate)));
    }

    private Caller generator(Holder holder) {
        var client = one("SELECT created_by FROM credential WHERE id = '" + holder.credential() + "'");
        return platform.globex().as(client, "secret of " + client, "");
    }

    private X509CertificateHolder former(String certificate) {
        try {
            return new X509CertificateHolder(Base64.getDecoder().decode(certificate));
        } catch (java.io.IOException malformed) {
            throw new AssertionError(malformed);
        }
    }

    private String keyId(Holder holder) {
        return one("SELECT key_id FROM credential WHERE id = '" + holder.credential() + "'");
    }
}

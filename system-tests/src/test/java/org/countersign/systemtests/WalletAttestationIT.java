package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.AtOnce;
import org.countersign.systemtests.harness.Caller;
import org.countersign.systemtests.harness.Company;
import org.countersign.systemtests.harness.Http;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.ShippedWalletApp;
import org.countersign.systemtests.harness.SignerApi;
import org.countersign.systemtests.harness.TestAuthority;
import org.countersign.systemtests.harness.WalletApp;
import org.countersign.systemtests.harness.WalletOperator;
import org.jose4j.json.JsonUtil;
import org.jose4j.jws.JsonWebSignature;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A wallet that is let in by its attestation: OAuth 2.0 Attestation-Based Client Authentication at the token endpoint. */
@ExtendWith(RunningServer.class)
class WalletAttestationIT {

    private static final String TOKEN = "/token";
    private static final String CERTIFICATES = "/admin/v1/key-certificates";
    private static final Map<String, String> GRANT = Map.of("grant_type", "client_credentials");
    private static final int COPIES = 8;

    private final TestAuthority authority;
    private final SignerApi provider;
    private final WalletOperator operator;
    private final String user;
    private final WalletApp app;
    private final String attestation;

    WalletAttestationIT(Platform platform) {
        authority = platform.authority();
        provider = platform.wallet();
        operator = new WalletOperator(provider);
        user = operator.newUser();
        app = operator.invite(user);
        attestation = app.initialise().ok().text("client_attestation");
    }

    private Answer token(String attestationProof) {
        return app.attestedToken(attestation, attestationProof, List.of(app.proof(TOKEN, null)));
    }

    private static void refused(Answer answer) {
        answer.refused(401, "invalid_client", "The assertion was not accepted");
        assertThat(answer.header("OAuth-Client-Attestation-Challenge")).isEmpty();
    }

    private static void badProof(Answer answer) {
        answer.refused(400, "invalid_dpop_proof", "The DPoP proof was not accepted");
    }

    private static void challengeWanted(Answer answer) {
        answer.refused(400, "use_attestation_challenge", "The proof of the attestation needs a fresh challenge");
    }

    private int wrongPins() {
        return operator.show(user).at("/wallet/wrongPins").asInt();
    }

    @Test
    void anAttestedWalletGetsATokenOfItsAuthenticationKey() {
        var answer = token(app.attestationProof(claims -> {})).ok();
        assertThat(answer.text("token_type")).isEqualTo("DPoP");
        app.update(answer.text("access_token")).ok();

        var fresh = app.call("/update-attestation", answer.text("access_token"), Map.of("key_attestation", "anew"))
                .ok()
                .text("client_attestation");
        assertThat(fresh).isNotEqualTo(attestation);
        app.attestedToken(
                        Map.of(
                                "grant_type",
                                "client_credentials",
                                "client_id",
                                app.attestationKey().thumbprint()),
                        List.of(fresh),
                        List.of(app.attestationProof(claims -> {})),
                        List.of(app.proof(TOKEN, null)))
                .ok();
    }

    @Test
    void attestationsCarryTheCertificateOfTheirSignersKeyAndFollowItsRotation() throws Exception {
        var before = signer(app.call("/update-attestation", app.token(), Map.of("key_attestation", "anew")));

        var keys = Http.send(operator.caller().request("/admin/v1/keys/rotate").POST(BodyPublishers.noBody()))
                .ok()
                .json();

        assertThat(keys.findValuesAsText("state")).contains("next", "current", "retired");
        var after = signer(app.call("/update-attestation", app.token(), Map.of("key_attestation", "again")));
        assertThat(after).isNotEqualTo(before);
        operator.caller().get("/admin/v1/keys").ok();
        token(app.attestationProof(claims -> {})).ok();
    }

    @Test
    void anotherAuthorityVouchesForTheKeyThatSignsAttestations() throws Exception {
        // first, as it may need a rotation
        var retired = kid("retired");
        var current = kid("current");
        var request = certificateRequest(current).ok().text("certificateRequest");
        var others = certificateRequest(kid("next")).ok().text("certificateRequest");
        var now = Instant.now();
        var ended = authority.issue(request, now.minus(Duration.ofDays(2)), now.minus(Duration.ofDays(1)));
        var short_ = authority.issue(request, now.minus(Duration.ofMinutes(5)), now.plus(Duration.ofHours(22)));
        var good = authority.issue(request);
        for (var wrong : Map.of(
                        authority.pkcs7(authority.issue(others)),
                        "No certificate carries the public key of the credential",
                        TestAuthority.pkcs7(List.of(good, authority.root())),
                        "The certificate chain is incomplete: an issuer's certificate is missing",
                        authority.pkcs7(ended),
                        "A certificate of the chain has expired",
                        authority.pkcs7(short_),
                        "The certificates end before what the key signs now",
                        "no certificates",
                        "pkcs7 is not a PKCS#7 of certificates, in PEM or as the base64 of its DER")
                .entrySet()) {
            putCertificates(current, wrong.getKey()).refused(400, "invalid_request", wrong.getValue());
        }
        for (var unknown : List.of("A".repeat(43), retired)) {
            putCertificates(unknown, authority.pkcs7(good))
                    .refused(404, "not_found", "There is no such key, or it signs no more");
            certificateRequest(unknown).refused(404, "not_found", "There is no such key, or it signs no more");
        }
        assertThat(chain()).as("the key's own").hasSize(1);

        var listed = putCertificates(current, authority.pkcs7(good)).ok().json();

        assertThat(listed.at("/0/kid").asText()).isEqualTo(current);
        var shown = chain();
        assertThat(shown).hasSize(2);
        assertThat(shown.get(0).getEncoded()).isEqualTo(good.getEncoded());
        assertThat(shown.get(1).getEncoded()).isEqualTo(authority.issuing().getEncoded());
        assertThat(operator.caller().get(CERTIFICATES).ok().json()).isEqualTo(listed);
        provider.as(Company.WALLET_ADMINISTRATOR, Company.OPERATOR_SECRET, "")
                .get(CERTIFICATES)
                .refused(403, "access_denied", "Access is denied");
        assertThat(removeCertificates(current).status()).isEqualTo(204);
        removeCertificates(current).refused(404, "not_found", "The key has no such certificate");
        assertThat(chain()).as("the key's own").hasSize(1);
    }

    @Test
    void whatVouchesForAnythingElseIsRefused() throws Exception {
        var current = kid("current");
        var request = certificateRequest(current).ok().text("certificateRequest");
        var namesake =
                new TestAuthority(authority.root().getSubject().toString().replaceAll("^CN=| root$", ""));
        assertThat(namesake.issuing().getSubject())
                .isEqualTo(authority.issuing().getSubject());
        var own = new X509CertificateHolder(chain().get(0).getEncoded());
        for (var wrong : Map.of(
                        authority.pkcs7(authority.issue(request, true, KeyUsage.digitalSignature)),
                        "The key's certificate is not one for digital signatures",
                        authority.pkcs7(authority.issue(request, false, KeyUsage.nonRepudiation)),
                        "The key's certificate is not one for digital signatures",
                        authority.pkcs7(namesake.issue(request)),
                        "The certificate chain does not verify",
                        TestAuthority.pkcs7(List.of(own)),
                        "The key's own certificate is not another authority's")
                .entrySet()) {
            putCertificates(current, wrong.getKey()).refused(400, "invalid_request", wrong.getValue());
        }
        assertThat(chain()).as("the key's own").hasSize(1);
        var path = CERTIFICATES + "/" + current + "/request";
        operator.caller().post(path, Map.of()).refused(400, "invalid_request", "subject is required");
        operator.caller()
                .post(path, Map.of("subject", "no name"))
                .refused(400, "invalid_request", "subject is not a distinguished name of RFC 4514");
    }

    @Test
    void onlyOperatorsTouchCertificatesAndItIsInTheAuditLog() {
        var current = kid("current");
        var administrator = provider.as(Company.WALLET_ADMINISTRATOR, Company.OPERATOR_SECRET, "");
        administrator
                .post(CERTIFICATES + "/" + current + "/request", Map.of("subject", "CN=Wallet provider"))
                .refused(403, "access_denied", "Access is denied");
        var good = authority.issue(certificateRequest(current).ok().text("certificateRequest"));
        putCertificates(administrator, current, authority.pkcs7(good))
                .refused(403, "access_denied", "Access is denied");
        putCertificates(current, authority.pkcs7(good)).ok();
        Http.send(administrator.request(CERTIFICATES + "/" + current).DELETE())
                .refused(403, "access_denied", "Access is denied");
        assertThat(removeCertificates(current).status()).isEqualTo(204);
        for (var type : List.of("requested", "added", "removed")) {
            assertThat(operator.caller()
                            .get("/admin/v1/audit?type=key-certificate." + type)
                            .ok()
                            .json()
                            .findValuesAsText("kid"))
                    .as(type)
                    .contains(current);
        }
        assertThat(operator.caller()
                        .get("/admin/v1/audit?type=key-certificate.added")
                        .ok()
                        .json()
                        .findValuesAsText("serialNumber"))
                .contains(good.getSerialNumber().toString(16));
    }

    @Test
    void theNextKeysChainIsShownFromItsRotationOn() throws Exception {
        var next = kid("next");
        var good = authority.issue(certificateRequest(next).ok().text("certificateRequest"));
        putCertificates(next, authority.pkcs7(good)).ok();
        assertThat(chain()).as("the current key's own").hasSize(1);
        Http.send(operator.caller().request("/admin/v1/keys/rotate").POST(BodyPublishers.noBody()))
                .ok();
        var shown = chain();
        assertThat(shown).hasSize(2);
        assertThat(shown.get(0).getEncoded()).isEqualTo(good.getEncoded());
        assertThat(removeCertificates(next).status()).isEqualTo(204);
    }

    @Test
    void theShippedAppsAttestationComesBackWithALongChain() {
        operator.allowShippedApp(true).ok();
        var current = kid("current");
        var request = certificateRequest(current).ok().text("certificateRequest");
        putCertificates(current, TestAuthority.pkcs7(authority.longChain(request, 10_300)))
                .refused(400, "invalid_request", "The certificates without the root have more than 30 KiB");
        putCertificates(current, TestAuthority.pkcs7(authority.longChain(request, 9_500)))
                .ok();
        try {
            var shipped = new ShippedWalletApp(
                    provider,
                    operator.act(operator.newUser(), "invitation").ok().text("link"));
            var shown = shipped.attestation();
            assertThat(shown.length()).isGreaterThan(50_000);
            shipped.configuration(shown).ok();
            shipped.update(shown).ok();
        } finally {
            removeCertificates(current);
        }
    }

    private String kid(String state) {
        Supplier<Optional<String>> found = () -> StreamSupport.stream(
                        operator.caller().get("/admin/v1/keys").ok().json().spliterator(), false)
                .filter(key -> key.path("state").asText().equals(state))
                .map(key -> key.path("kid").asText())
                .findFirst();
        return found.get().orElseGet(() -> {
            Http.send(operator.caller().request("/admin/v1/keys/rotate").POST(BodyPublishers.noBody()))
                    .ok();
            return found.get().orElseThrow();
        });
    }

    private Answer certificateRequest(String kid) {
        return operator.caller()
                .post(CERTIFICATES + "/" + kid + "/request", Map.of("subject", "CN=Wallet provider,O=ACME"));
    }

    private Answer putCertificates(String kid, String pkcs7) {
        return putCertificates(operator.caller(), kid, pkcs7);
    }

    private static Answer putCertificates(Caller caller, String kid, String pkcs7) {
        return Http.send(caller.request(CERTIFICATES + "/" + kid)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(JsonUtil.toJson(Map.of("pkcs7", pkcs7)))));
    }

    private Answer removeCertificates(String kid) {
        return Http.send(operator.caller().request(CERTIFICATES + "/" + kid).DELETE());
    }

    /** Of a fresh attestation, which the first one verifies. */
    private List<X509Certificate> chain() throws Exception {
        var jws = new JsonWebSignature();
        jws.setCompactSerialization(app.call("/update-attestation", app.token(), Map.of("key_attestation", "anew"))
                .ok()
                .text("wallet_attestation"));
        var chain = jws.getCertificateChainHeaderValue();
        jws.setKey(chain.get(0).getPublicKey());
        assertThat(jws.verifySignature()).isTrue();
        return chain;
    }

    /** Who signed the wallet app's own form, by its certificate and by the published keys alike. */
    private X509Certificate signer(Answer answer) throws Exception {
        var jws = new JsonWebSignature();
        jws.setCompactSerialization(answer.ok().text("wallet_attestation"));
        var certificate = jws.getLeafCertificateHeaderValue();
        certificate.verify(certificate.getPublicKey());
        assertThat(certificate.getSubjectAlternativeNames()).containsExactly(List.of(6, Company.WALLET_ISSUER));
        jws.setKey(certificate.getPublicKey());
        assertThat(jws.verifySignature()).isTrue();
        var published = provider.get("/.well-known/jwks.json").ok().json().findValuesAsText("kid");
        assertThat(published).contains(jws.getKeyIdHeaderValue());
        return certificate;
    }

    @Test
    void theMetadataSaySo() {
        var metadata = provider.get("/.well-known/oauth-authorization-server").ok();
        assertThat(metadata.texts("token_endpoint_auth_methods_supported"))
                .containsExactly("private_key_jwt", "attest_jwt_client_auth");
        for (var algorithms : List.of(
                "client_attestation_signing_alg_values_supported",
                "client_attestation_pop_signing_alg_values_supported")) {
            assertThat(metadata.texts(algorithms)).containsExactly("ES256");
        }
        assertThat(metadata.texts("client_attestation_pop_methods_supported")).containsExactly("attestation_pop_jwt");
        var challenge = provider.form("/challenge", Map.of()).ok();
        assertThat(challenge.text("attestation_challenge")).isEqualTo(challenge.text("nonce"));
    }

    @Test
    void bothKeysAreNeeded() {
        badProof(app.attestedToken(attestation, app.attestationProof(claims -> {}), List.of()));
        var other = operator.invite(operator.newUser());
        var others = other.initialise().ok().text("client_attestation");
        refused(app.attestedToken(attestation, app.attestationProof(claims -> {}), List.of(other.proof(TOKEN, null))));
        refused(app.attestedToken(attestation, other.attestationProof(claims -> {}), List.of(app.proof(TOKEN, null))));
        refused(app.attestedToken(others, app.attestationProof(claims -> {}), List.of(app.proof(TOKEN, null))));
        refused(app.attestedToken(
                attestation,
                app.attestationProof(claims -> claims.put("salted_pin_code", "b".repeat(64))),
                List.of(other.proof(TOKEN, null))));
        assertThat(wrongPins()).as("nobody without both keys spends a try").isZero();
    }

    @Test
    void whatIsNoProofOfItIsRefused() {
        var proof = List.of(app.proof(TOKEN, null));
        var good = app.attestationProof(claims -> {});
        refused(app.attestedToken(GRANT, List.of(attestation), List.of(), proof));
        refused(app.attestedToken(GRANT, List.of(), List.of(good), proof));
        refused(app.attestedToken(GRANT, List.of(attestation, attestation), List.of(good), proof));
        refused(app.attestedToken(GRANT, List.of(attestation), List.of(good, good), proof));
        refused(app.attestedToken("a.b.c", good, proof));
        refused(app.attestedToken(attestation, "a.b.c", proof));
        refused(app.attestedToken(
                attestation,
                app.attestationProof(claims -> claims.put("aud", "https://elsewhere.example.com")),
                proof));
        refused(app.attestedToken(
                Map.of("grant_type", "client_credentials", "client_id", app.login()),
                List.of(attestation),
                List.of(good),
                proof));
        app.attestedToken(
                        Map.of("grant_type", "client_credentials", "client_assertion", app.sign(app.assertion())),
                        List.of(attestation),
                        List.of(good),
                        proof)
                .refused(400, "invalid_request", "A client authenticates in one way only");
        app.attestedToken(attestation, good, proof).ok();
    }

    @Test
    void aChallengeIsGoodOnceHoweverManyComeAtOnce() throws Exception {
        var wanted = token(app.attestationProof(claims -> claims.remove("challenge")));
        challengeWanted(wanted);
        var told = wanted.header("OAuth-Client-Attestation-Challenge").orElseThrow();
        token(app.attestationProof(claims -> claims.put("challenge", told))).ok();
        var used = token(app.attestationProof(claims -> claims.put("challenge", told)));
        challengeWanted(used);
        assertThat(used.header("OAuth-Client-Attestation-Challenge").orElseThrow())
                .isNotEqualTo(told);
        challengeWanted(token(app.attestationProof(claims -> claims.put("challenge", "A".repeat(43)))));
        var proof = app.attestationProof(claims -> {});
        var answers = AtOnce.call(COPIES, copy -> token(proof));
        assertThat(answers).filteredOn(Answer::isOk).hasSize(1);
        answers.stream().filter(answer -> !answer.isOk()).forEach(WalletAttestationIT::challengeWanted);
    }

    @Test
    void aDpopProofIsGoodOnceBesideIt() {
        var proof = List.of(app.proof(TOKEN, null));
        app.attestedToken(attestation, app.attestationProof(claims -> {}), proof)
                .ok();
        badProof(app.attestedToken(attestation, app.attestationProof(claims -> {}), proof));
    }

    @Test
    void ofManyWrongPinsAtOnceThreeCount() throws Exception {
        AtOnce.call(
                        COPIES,
                        copy -> token(app.attestationProof(claims -> claims.put("salted_pin_code", "b".repeat(64)))))
                .forEach(WalletAttestationIT::refused);
        assertThat(wrongPins()).isEqualTo(3);
        refused(token(app.attestationProof(claims -> {})));
        refused(app.tokenWithPin(WalletApp.PIN));
        operator.act(user, "unlock").ok();
        token(app.attestationProof(claims -> {})).ok();
    }

    @Test
    void aRevokedWalletsAttestationIsWorthNothing() {
        operator.act(user, "revoke-wallet").ok();
        refused(token(app.attestationProof(claims -> {})));
    }

    @Test
    void aGuestsAttestationLetsNobodyIn() {
        var guest = operator.invite(operator.newGuest());
        var shown = guest.initialise().ok().text("client_attestation");
        refused(guest.attestedToken(shown, guest.attestationProof(claims -> {}), List.of(guest.proof(TOKEN, null))));
    }
}

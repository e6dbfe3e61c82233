package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.Caller;
import org.countersign.systemtests.harness.CscClient;
import org.countersign.systemtests.harness.Enrolment;
import org.countersign.systemtests.harness.EstAuthority.Behaviour;
import org.countersign.systemtests.harness.EstAuthority.Reply;
import org.countersign.systemtests.harness.Holder;
import org.countersign.systemtests.harness.KeyKind;
import org.countersign.systemtests.harness.OpenSsl;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.TestAuthority;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Certificates that the server itself asks the tenant's authority for. */
@ExtendWith(RunningServer.class)
class EnrolmentIT extends LivingCredentials {

    private static final String CREATE = "credentials/create";
    private static final String ENROL = "certificate/enrol";
    private static final String RENEWAL = "renewal/certificate/enrol";
    private static final String NOT_ACCEPTED = "The certificate of the certification authority is not accepted: ";

    private final Caller generator;

    EnrolmentIT(Platform platform) {
        super(platform);
        this.generator = platform.globex().as("globex", "secret of globex", "");
    }

    /** A credential that waits for its certificate. */
    private record Begun(String seat, String credential, String csr) {}

    private Begun begun(String seat) {
        return begun("initech", seat, Map.of());
    }

    private Begun begun(String tenant, String seat, Map<String, ?> more) {
        var credential = generator.create(tenant, seat, "pin", 10).ok().text("credentialId");
        generator.setPin(credential, Enrolment.PIN).ok();
        var request = new LinkedHashMap<String, Object>(KeyKind.P_256.request());
        request.putAll(more);
        return new Begun(
                seat,
                credential,
                generator.act(credential, "key-pair", request).ok().text("csr"));
    }

    private Answer enrol(Begun begun) {
        return generator.act(begun.credential(), ENROL, Map.of("csr", begun.csr()));
    }

    private Holder holder(Begun begun) {
        var caller = platform.globex().as("globex", "secret of globex", "seat:" + begun.seat() + "@initech");
        return new Holder(caller, begun.credential(), KeyKind.P_256, Enrolment.PIN, null);
    }

    /** Has the authority behave for a seat, and the certificate asked for. */
    private Answer enrol(Begun begun, Behaviour behaviour) {
        platform.enrolling().behave(begun.seat() + "@initech", behaviour);
        return enrol(begun);
    }

    private static void signs(Holder holder) {
        var hashes = holder.hashes("document");
        var signature =
                holder.sign(holder.sad(hashes), hashes).ok().texts("signatures").get(0);
        assertThat(OpenSsl.verifies(holder.kind(), certificate(holder), hashes.get(0), signature))
                .isTrue();
    }

    @Test
    void aCertificateComesByOneCallAndSigns() {
        var begun = begun("est-first");

        assertThat(enrol(begun).ok().status()).isEqualTo(204);

        var holder = holder(begun);
        signs(holder);
        // The answer has the certificate alone; its issuers are fetched.
        JsonNode chain = holder.caller()
                .info(begun.credential(), Map.of("certificates", "chain"))
                .ok()
                .json()
                .at("/cert/certificates");
        assertThat(chain).hasSize(3);
        enrol(begun).refused(409, "conflict", "The credential has its certificate already");
        assertThat(audited(holder)).contains("certificate.added SUCCESS").doesNotContain("enrolment.failed FAILURE");
    }

    private CscClient csc(String seat, String tenant) {
        var caller = platform.globex().as("globex", "secret of globex", "seat:" + seat + "@" + tenant);
        return new CscClient(platform.globex(), caller.token()).v2();
    }

    private static Map<String, Object> creation(Map<String, Object> request, Map<String, String> factors) {
        return Map.of(
                "credentialCreationRequest",
                request,
                "certificates",
                "chain",
                "authInfo",
                true,
                "authData",
                factors.entrySet().stream()
                        .map(factor -> Map.of("id", factor.getKey(), "value", factor.getValue()))
                        .toList());
    }

    @Test
    void theConsortiumsClientsCreateACredentialThatSigns() {
        var policy = Map.<String, Object>of("certificatePolicy", "0.4.0.194112.1.2");

        var created = csc("est-csc", "initech")
                .call(CREATE, creation(policy, Map.of("PIN", Enrolment.PIN)))
                .ok();

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.json().at("/cert/certificates")).hasSize(3);
        assertThat(created.json().at("/auth/expression").asText()).isEqualTo("PIN");
        var caller = platform.globex().as("globex", "secret of globex", "seat:est-csc@initech");
        var holder = new Holder(caller, created.text("credentialID"), KeyKind.P_256, Enrolment.PIN, null);
        signs(holder);
        assertThat(csc("est-csc", "initech").call("info", "{}").ok().texts("methods"))
                .contains(CREATE, "credentials/delete");
    }

    @Test
    void whatTheConsortiumsClientsCanNotCreateLeavesNothing() {
        var seat = "est-csc-refused";
        var client = csc(seat, "initech");
        var none = Map.<String, Object>of();
        client.call(CREATE, "{}")
                .refused(
                        400, "invalid_request", "Missing (or invalid type) object parameter credentialCreationRequest");
        for (var wrong : List.of("1.2.3", "")) {
            client.call(CREATE, creation(Map.of("certificatePolicy", wrong), Map.of("PIN", Enrolment.PIN)))
                    .refused(400, "invalid_request", "Invalid parameter certificatePolicy");
        }
        client.call(CREATE, creation(Map.of("subjectData", Map.of("givenName", "Eve")), Map.of("PIN", Enrolment.PIN)))
                .refused(400, "invalid_request", "Invalid parameter subjectData");
        client.call(CREATE, creation(none, Map.of()))
                .refused(400, "invalid_authentication_data", "The authentication data is invalid");
        client.call(CREATE, creation(none, Map.of("PIN", Enrolment.PIN, "OTP", "123456")))
                .refused(400, "invalid_request", "Invalid parameter authData");
        assertThat(client.call(CREATE, creation(none, Map.of("PIN", "1")))
                        .refusal()
                        .status())
                .isEqualTo(400);
        csc(seat, "globex")
                .call(CREATE, creation(none, Map.of("PIN", Enrolment.PIN)))
                .refused(501, "not_implemented", "No credentials are created here");
        platform.enrolling().behave(seat + "@initech", csr -> new Reply(202, "17", ""));
        client.call(CREATE, creation(none, Map.of("PIN", Enrolment.PIN)))
                .refused(502, "enrolment_failed", "The certification authority has not decided yet");
        platform.enrolling().behave(seat + "@initech", csr -> new Reply(401, null, ""));
        assertThat(client.call(CREATE, creation(none, Map.of("PIN", Enrolment.PIN)))
                        .refusal()
                        .status())
                .isEqualTo(502);

        assertThat(one("SELECT count(*) FROM credential WHERE seat = '" + seat + "'"))
                .isEqualTo("0");
        assertThat(one("SELECT count(*) FROM audit_entry WHERE seat = '" + seat + "' AND type = 'key.destroyed'"))
                .isEqualTo("2");
    }

    @Test
    void whatIsNotDecidedIsAskedForAgainWithTheSameRequest() {
        var begun = begun("est-pending");

        for (int i = 0; i < 2; i++) {
            var pending = enrol(begun, csr -> new Reply(202, "17", ""));
            assertThat(pending.status()).isEqualTo(202);
            assertThat(pending.header("Retry-After")).contains("17");
            assertThat(pending.json().path("retryAfter").asInt()).isEqualTo(17);
        }
        enrol(begun, null).ok();

        var holder = holder(begun);
        signs(holder);
        assertThat(audited(holder)).contains("enrolment.pending SUCCESS", "certificate.added SUCCESS");
    }

    @Test
    void whatTheAuthorityGivesIsVerifiedAsIfItHadBeenBrought() {
        var begun = begun("est-refused");
        var other = begun("est-other");
        var authority = platform.authority();
        var stranger = new TestAuthority("Trusted authority of the tests");
        var now = Instant.now();

        enrol(begun, csr -> Reply.of(List.of(authority.issue(other.csr()))))
                .refused(
                        502,
                        "enrolment_failed",
                        NOT_ACCEPTED + "No certificate carries the public key of the credential");
        // The issuers that are fetched have the names of the stranger's.
        enrol(begun, csr -> Reply.of(List.of(stranger.issue(csr))))
                .refused(502, "enrolment_failed", NOT_ACCEPTED + "The certificate chain does not verify");
        enrol(begun, csr -> Reply.of(List.of(stranger.issue(csr), stranger.issuing(), stranger.root())))
                .refused(
                        502,
                        "enrolment_failed",
                        NOT_ACCEPTED + "The certificate chain does not end at a trust anchor of the tenant");
        enrol(
                        begun,
                        csr -> Reply.of(
                                List.of(authority.issue(csr, now.minus(Duration.ofDays(2)), now.minusSeconds(60)))))
                .refused(502, "enrolment_failed", NOT_ACCEPTED + "A certificate of the chain has expired");
        enrol(begun, csr -> new Reply(200, null, "A".repeat(100_000)))
                .refused(
                        502, "enrolment_failed", "The answer of the certification authority is not as RFC 7030 has it");
        enrol(begun, csr -> new Reply(401, null, ""))
                .refused(502, "enrolment_failed", "The certification authority does not accept this server");
        var away = enrol(begun, csr -> new Reply(503, "7", ""));
        away.refused(
                503,
                "temporarily_unavailable",
                "The certification authority gives no certificate now; try again later");
        assertThat(away.header("Retry-After")).contains("7");

        assertThat(audited(holder(begun)))
                .contains("enrolment.failed FAILURE")
                .doesNotContain("certificate.added SUCCESS");
        enrol(begun, null).ok();
        signs(holder(begun));
    }

    @Test
    void nothingIsAskedForButTheCredentialsKeyAndTheSeatsName() {
        var begun = begun("est-request");
        var other = begun("est-request-other");
        platform.enrolling().behave("est-request@initech", csr -> {
            throw new AssertionError("The authority was asked");
        });

        var unfinished =
                generator.create("initech", "est-request", "pin", 1).ok().text("credentialId");
        generator
                .act(unfinished, ENROL, Map.of("csr", begun.csr()))
                .refused(409, "conflict", "The key pair comes before the certificate");
        generator
                .act(begun.credential(), ENROL, Map.of("csr", other.csr()))
                .refused(400, "invalid_request", "csr is not of the credential's key");
        generator.act(begun.credential(), ENROL, Map.of()).refused(400, "invalid_request", "csr is null or empty");
        enrol(begun("initech", "est-request", Map.of("subject", "CN=The Queen")))
                .refused(400, "invalid_request", "The subject of csr is not the seat's common name");
        enrol(begun("globex", "est-request", Map.of()))
                .refused(409, "conflict", "The tenant has no certification authority that can be asked");
        generator
                .act(begun.credential(), RENEWAL, Map.of("csr", begun.csr()))
                .refused(409, "conflict", "The credential has no certificate yet");
        var stranger = platform.newClient("est-stranger", ALL + ",tenantName:initech");
        platform.globex()
                .as("est-stranger", stranger, "")
                .act(begun.credential(), ENROL, Map.of("csr", begun.csr()))
                .refusal();
        platform.globex()
                .as("globex-page", "secret of globex-page", "")
                .act(begun.credential(), ENROL, Map.of("csr", begun.csr()))
                .refused(403, "access_denied", "Access is denied");
    }

    @Test
    void aRenewalIsAskedForAsWellAndThePresentKeySignsUntilThen() {
        var begun = begun("est-renewal");
        enrol(begun).ok();
        var holder = holder(begun);
        var former = certificate(holder);
        generator
                .act(begun.credential(), RENEWAL, Map.of("csr", begun.csr()))
                .refused(409, "conflict", "No renewal waits for its certificate");

        var csr = act(holder, "renewal", Map.of("PIN", Enrolment.PIN, "newKey", true))
                .ok()
                .text("csr");
        platform.enrolling().behave("est-renewal@initech", request -> new Reply(202, null, ""));
        assertThat(generator
                        .act(begun.credential(), RENEWAL, Map.of("csr", csr))
                        .header("Retry-After"))
                .contains("60");
        generator
                .act(begun.credential(), RENEWAL, Map.of("csr", begun.csr()))
                .refused(400, "invalid_request", "csr is not of the credential's key");
        assertThat(certificate(holder)).isEqualTo(former);
        signs(holder);
        platform.enrolling().behave("est-renewal@initech", null);
        generator.act(begun.credential(), RENEWAL, Map.of("csr", csr)).ok();

        assertThat(certificate(holder)).isNotEqualTo(former);
        signs(holder);

        var named = act(holder, "renewal", with(holder.factors(), "subject", "CN=The Queen"))
                .ok()
                .text("csr");
        generator
                .act(begun.credential(), RENEWAL, Map.of("csr", named))
                .refused(400, "invalid_request", "The subject of csr is not the seat's common name");
    }

    @Test
    void aNameThatWasBroughtFromElsewhereIsNotRenewedHere() {
        var begun = begun("initech", "est-brought", Map.of("subject", "CN=The Queen"));
        var authority = platform.authority();
        generator
                .certificate(begun.credential(), authority.pkcs7(authority.issue(begun.csr())))
                .ok();
        var holder = holder(begun);

        var csr = act(holder, "renewal", Map.of("PIN", Enrolment.PIN, "newKey", true))
                .ok()
                .text("csr");

        generator
                .act(begun.credential(), RENEWAL, Map.of("csr", csr))
                .refused(400, "invalid_request", "The subject of csr is not the seat's common name");
    }
}

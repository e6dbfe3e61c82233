package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.Caller;
import org.countersign.systemtests.harness.Enrolment;
import org.countersign.systemtests.harness.Holder;
import org.countersign.systemtests.harness.KeyKind;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Tokens of other seats, tenants and clients see and sign nothing of a credential, and are answered, byte for byte, as if it
 * did not exist.
 */
@ExtendWith(RunningServer.class)
class StrangersIT {

    private static final String MISSING = "7c9e6679-7425-40de-944b-e07fc1f90ae7";
    private static final String SECRET = "secret of globex";

    private final Platform platform;

    StrangersIT(Platform platform) {
        this.platform = platform;
    }

    @Test
    void anotherSeatOfTheSameTenantAndClient() {
        seesAndSignsNothing(victim("victim-1"), platform.globex().as("globex", SECRET, "seat:stranger@globex"));
    }

    @Test
    void theSeatOfTheSameNameInAnotherTenant() {
        seesAndSignsNothing(victim("victim-2"), platform.globex().as("globex", SECRET, "seat:victim-2@initech"));
    }

    @Test
    void aSeatWhoseNameOnlyLooksTheSame() {
        seesAndSignsNothing(victim("victim-3"), platform.globex().as("globex", SECRET, "seat:VICTIM-3@globex"));
    }

    @Test
    void aClientOfAnotherTenant() {
        var secret = platform.newClient(
                "stranger-client",
                "trustLevel:trustedClient,apiGroup:signer,apiGroup:lister,apiGroup:generator,tenantName:initech");
        seesAndSignsNothing(
                victim("victim-4"), platform.globex().as("stranger-client", secret, "seat:victim-4@initech"));
    }

    @Test
    void aClientOfAnotherCompany() {
        seesAndSignsNothing(victim("victim-5"), platform.acme().as("acme", "acme_password", "seat:victim-5@acme"));
    }

    @Test
    void aGeneratorWhoseTokenNamesAnotherSeatOrWhoseTenantIsAnother() {
        var victim = platform.globex().as("globex", SECRET, "");
        var credential =
                victim.create("globex", "unfinished", "pin-otp", 1).ok().text("credentialId");
        var secret = platform.newClient(
                "stranger-generator", "trustLevel:trustedClient,apiGroup:generator,tenantName:initech");

        for (Caller stranger : List.of(
                platform.globex().as("globex", SECRET, "seat:stranger@globex"),
                platform.globex().as("stranger-generator", secret, ""))) {
            setsUpNothing(credential, stranger);
        }
        victim.setPin(credential, "123456").ok();
    }

    private Holder victim(String seat) {
        return platform.atGlobex().multiSignature(2).enrol(seat);
    }

    private void seesAndSignsNothing(Holder victim, Caller stranger) {
        var credential = victim.credential();
        var hashes = victim.hashes("document");
        var sad = victim.sad(hashes);

        assertThat(stranger.list().ok().texts("credentialIds")).doesNotContain(credential);
        alike(credential, 404, id -> stranger.info(id));
        alike(credential, 404, id -> stranger.info(id, Map.of("certificates", "chain", "authInfo", true)));
        alike(credential, 404, id -> stranger.authorize(id, hashes, Map.of("PIN", Enrolment.PIN)));
        alike(credential, 404, id -> stranger.authorize(id, hashes, Map.of("PIN", "000000")));
        alike(credential, 404, id -> stranger.authorize(id, hashes, Map.of()));
        alike(credential, 404, id -> stranger.authorize(Map.of("credentialId", id)));
        alike(credential, 400, id -> stranger.sign(id, sad, hashes, "SHA256WITHECDSA"));
        alike(credential, 400, id -> stranger.sign(id, "x", hashes, "SHA256WITHECDSA"));
        setsUpNothing(credential, stranger);

        // Nothing of that locked, used up or changed anything.
        victim.sign(sad, hashes).ok();
        victim.authorize(hashes).ok();
    }

    private void setsUpNothing(String credential, Caller stranger) {
        alike(credential, 404, id -> stranger.setPin(id, "123456"));
        alike(credential, 404, id -> stranger.setPin(id, ""));
        alike(credential, 404, id -> stranger.newOtp(id));
        alike(credential, 404, id -> stranger.confirmOtp(id, "123456"));
        alike(credential, 404, id -> stranger.keyPair(id, KeyKind.P_256));
        alike(credential, 404, id -> stranger.certificate(id, "x"));
        alike(credential, 403, id -> stranger.unlock(id));
    }

    private static void alike(String credential, int status, Function<String, Answer> call) {
        var existing = call.apply(credential).refusal();
        var missing = call.apply(MISSING).refusal();
        var malformed = call.apply("no identifier").refusal();

        assertThat(existing.status()).isEqualTo(status);
        assertThat(existing.body()).isEqualTo(missing.body()).isEqualTo(malformed.body());
        assertThat(existing.status()).isEqualTo(missing.status()).isEqualTo(malformed.status());
        assertThat(existing.headers().map().keySet())
                .isEqualTo(missing.headers().map().keySet());
    }
}

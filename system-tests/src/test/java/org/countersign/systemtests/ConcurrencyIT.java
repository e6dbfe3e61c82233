package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.AtOnce;
import org.countersign.systemtests.harness.Authenticator;
import org.countersign.systemtests.harness.Caller;
import org.countersign.systemtests.harness.Enrolment;
import org.countersign.systemtests.harness.Holder;
import org.countersign.systemtests.harness.KeyKind;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Many callers at the same moment get no more than one would. */
@ExtendWith(RunningServer.class)
class ConcurrencyIT {

    private static final String ALL =
            "trustLevel:trustedClient,apiGroup:signer,apiGroup:lister,apiGroup:generator,tenantName:globex";

    private final Platform platform;

    ConcurrencyIT(Platform platform) {
        this.platform = platform;
    }

    @Test
    void ofFiftyEqualSignCallsAtOnceExactlyOneSucceeds() throws InterruptedException {
        var holder = platform.atAcme().enrol("fifty-signatures");
        var hashes = holder.hashes("document");
        var sad = holder.sad(hashes);

        var answers = AtOnce.call(50, i -> holder.sign(sad, hashes));

        assertThat(answers.stream().filter(Answer::isOk)).hasSize(1);
        answers.stream()
                .filter(answer -> !answer.isOk())
                .forEach(answer -> answer.refused(400, "invalid_sad", "The SAD is used up"));
    }

    @Test
    void fiftyCallsForFiftyHashesOfOneSadAllSucceed() throws InterruptedException {
        var holder = platform.atAcme().multiSignature(50).enrol("fifty-hashes");
        var hashes = IntStream.range(0, 50)
                .mapToObj(i -> holder.hash("document " + i))
                .toList();
        var sad = holder.sad(hashes);

        var answers = AtOnce.call(50, i -> holder.sign(sad, List.of(hashes.get(i))));

        assertThat(answers).allMatch(Answer::isOk);
        holder.sign(sad, List.of(hashes.get(7))).refused(400, "invalid_sad", "The SAD is used up");
    }

    @Test
    void fiftyWrongPinsAtOnceGetNoMoreTriesThanTheLimit() throws InterruptedException {
        var holder = enrolled("fifty-pins", "pin");

        var answers = AtOnce.call(50, i -> authorize(holder, String.format(java.util.Locale.ROOT, "%06d", i)));

        assertThat(answers).noneMatch(Answer::isOk);
        assertThat(answers.stream().filter(answer -> answer.text("error").equals("invalid_pin")))
                .hasSize(3);
        answers.stream()
                .filter(answer -> !answer.text("error").equals("invalid_pin"))
                .forEach(answer -> answer.refused(403, "credential_locked", "The credential is locked"));
        authorize(holder, Enrolment.PIN).refused(403, "credential_locked", "The credential is locked");
        platform.globex().asAdministrator().unlock(holder.credential()).ok();
        authorize(holder, Enrolment.PIN).ok();
    }

    @Test
    void aRightPinAmongManyGuessesAtOnceIsNotToldOnceTheCredentialIsLocked() throws InterruptedException {
        var holder = enrolled("guess-among", "pin");
        for (int i = 0; i < 3; i++) {
            authorize(holder, "000000").refused(400, "invalid_pin", "The PIN is invalid");
        }

        var answers = AtOnce.call(20, i -> authorize(holder, i == 13 ? Enrolment.PIN : "000000"));

        assertThat(answers.stream().map(Answer::body).distinct()).hasSize(1);
        answers.get(13).refused(403, "credential_locked", "The credential is locked");
    }

    @Test
    void aClientThatGuessesOnManySeatsAtOnceGetsNoMoreTriesThanItsLimit() throws InterruptedException {
        var secret = platform.newClient("guessing-at-once", ALL);
        var holders = new ArrayList<Holder>();
        for (int i = 0; i < 4; i++) {
            holders.add(new Enrolment(platform.globex(), "guessing-at-once", secret, platform.authority())
                    .tenant("globex")
                    .enrol("guessed-at-once-" + i));
        }

        var answers = AtOnce.call(40, i -> authorize(holders.get(i % 4), "000000"));

        assertThat(answers.stream().filter(answer -> answer.text("error").equals("invalid_pin")))
                .hasSizeLessThanOrEqualTo(8);
        assertThat(answers)
                .allMatch(answer ->
                        List.of("invalid_pin", "slow_down", "credential_locked").contains(answer.text("error")));
    }

    @Test
    void ofTheSameOneTimePasswordAtOnceOneIsAccepted() throws InterruptedException {
        var holder = platform.atAcme().configuration("otp").enrol("otp-at-once");
        var otp = holder.authenticator().next();

        var answers = AtOnce.call(
                4, i -> holder.caller().authorize(holder.credential(), holder.hashes("a"), Map.of("OTP", otp)));

        assertThat(answers.stream().filter(Answer::isOk)).hasSize(1);
        answers.stream()
                .filter(answer -> !answer.isOk())
                .forEach(answer -> answer.refused(400, "invalid_otp", "The OTP is invalid"));
    }

    @Test
    void ofManyPinsSetAtOnceOneIsThePin() throws InterruptedException {
        var generator = generator("pins-at-once");
        var credential =
                generator.create("globex", "pins-at-once", "pin", 1).ok().text("credentialId");

        var answers = AtOnce.call(8, i -> generator.setPin(credential, "10000" + i));

        var winner = onlyWinner(answers, "The factor is set already");
        var holder = finished(generator, "pins-at-once", credential, "10000" + winner, null);
        holder.authorize(holder.hashes("a")).ok();
    }

    @Test
    void ofManyOneTimePasswordSecretsMadeAtOnceOneCounts() throws InterruptedException {
        var generator = generator("otps-at-once");
        var credential =
                generator.create("globex", "otps-at-once", "otp", 1).ok().text("credentialId");

        var answers = AtOnce.call(8, i -> generator.newOtp(credential));

        var winner = answers.get(onlyWinner(answers, "The factor is set already"));
        var authenticator = new Authenticator(winner.text("secret"));
        generator.confirmOtp(credential, authenticator.next()).ok();
        var holder = finished(generator, "otps-at-once", credential, null, authenticator);
        holder.authorize(holder.hashes("a")).ok();
    }

    @Test
    void ofManyKeyPairsMadeAtOnceOneIsTheCredentials() throws InterruptedException {
        var generator = generator("keys-at-once");
        var credential =
                generator.create("globex", "keys-at-once", "pin", 1).ok().text("credentialId");
        generator.setPin(credential, Enrolment.PIN).ok();

        var answers = AtOnce.call(8, i -> generator.keyPair(credential, KeyKind.P_256));

        var csr = answers.get(onlyWinner(answers, "The key pair is generated already"))
                .text("csr");
        var authority = platform.authority();
        generator.certificate(credential, authority.pkcs7(authority.issue(csr))).ok();
        var holder = new Holder(
                platform.globex().as("keys-at-once", "secret of keys-at-once", "seat:keys-at-once@globex"),
                credential,
                KeyKind.P_256,
                Enrolment.PIN,
                null);
        var hashes = holder.hashes("a");
        holder.sign(holder.sad(hashes), hashes).ok();
    }

    @Test
    void aRevocationIsSeenByEveryCallAfterIt() throws InterruptedException {
        var holder = platform.atAcme().enrol("revoked-at-once");
        AtOnce.call(10, i -> holder.caller().list().ok());
        platform.acme().revoke("acme", "acme_password", holder.caller().token()).ok();

        for (Answer answer : AtOnce.call(20, i -> holder.caller().list())) {
            answer.refused(401, "invalid_token", "Token was not recognized");
        }
    }

    @Test
    void ofOneClientRegisteredManyTimesAtOnceOneIsCreated() throws InterruptedException {
        var administrator = platform.globex().asAdministrator();

        var answers = AtOnce.call(
                8,
                i -> administrator.createClient(Map.of(
                        "clientId", "registered-at-once",
                        "clientSecret", "secret number " + i,
                        "authorizedGrantTypes", "client_credentials",
                        "accessTokenValidity", 60,
                        "authorities", "trustLevel:trustedClient,apiGroup:signer,tenantName:globex")));

        assertThat(answers.stream().filter(Answer::isOk)).hasSize(1);
        answers.stream()
                .filter(answer -> !answer.isOk())
                .forEach(answer -> answer.refused(400, "invalid_request", "The client already exists"));
    }

    private int onlyWinner(List<Answer> answers, String refusal) {
        assertThat(answers.stream().filter(Answer::isOk)).hasSize(1);
        answers.stream().filter(answer -> !answer.isOk()).forEach(answer -> answer.refused(409, "conflict", refusal));
        return IntStream.range(0, answers.size())
                .filter(i -> answers.get(i).isOk())
                .findFirst()
                .orElseThrow();
    }

    private Holder finished(Caller generator, String name, String credential, String pin, Authenticator authenticator) {
        var authority = platform.authority();
        var csr = generator.keyPair(credential, KeyKind.P_256).ok().text("csr");
        generator.certificate(credential, authority.pkcs7(authority.issue(csr))).ok();
        var caller = platform.globex().as(name, "secret of " + name, "seat:" + name + "@globex");
        return new Holder(caller, credential, KeyKind.P_256, pin, authenticator);
    }

    private Caller generator(String name) {
        return platform.globex().as(name, platform.newClient(name, ALL), "");
    }

    private Holder enrolled(String name, String configuration) {
        var secret = platform.newClient(name, ALL);
        return new Enrolment(platform.globex(), name, secret, platform.authority())
                .tenant("globex")
                .configuration(configuration)
                .enrol(name);
    }

    private static Answer authorize(Holder holder, String pin) {
        return holder.caller().authorize(holder.credential(), holder.hashes("document"), Map.of("PIN", pin));
    }

    /** Makes the calls in threads of their own, all let go at the same moment. @return the answers, by number */
}

package org.countersign.systemtests.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.ApprovalGateway;
import org.countersign.systemtests.harness.AtOnce;
import org.countersign.systemtests.harness.Company;
import org.countersign.systemtests.harness.Enrolment;
import org.countersign.systemtests.harness.Holder;
import org.countersign.systemtests.harness.SignerApi;
import org.countersign.systemtests.harness.TestAuthority;
import org.countersign.systemtests.harness.TestServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes of one company on one database are one signer: what one does, the other knows, and either may die. */
@Tag("long")
class TwoNodesIT {

    private static final String TENANT = "initech";
    private static final String CLIENT = "globex";
    private static final String SECRET = "secret of globex";
    private static final String ALL =
            "trustLevel:trustedClient,apiGroup:signer,apiGroup:lister,apiGroup:generator,tenantName:" + TENANT;
    private static final int CLIENTS = 6;
    private static final long SIGNING_MILLIS = 3_000;
    private static final int ATTEMPTS_AT_ONCE = 20;

    private static TestAuthority authority;
    private static ApprovalGateway gateway;
    private static List<TestServer> nodes;
    private static SignerApi one;
    private static SignerApi other;

    private final AtomicInteger documents = new AtomicInteger();
    /** Every hash of which a client holds a signature, as often as it was answered. */
    private final ConcurrentLinkedQueue<String> received = new ConcurrentLinkedQueue<>();
    /** What the surviving node, or any node in its right mind, must not answer. */
    private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();

    private final AtomicInteger lostConnections = new AtomicInteger();
    private final AtomicInteger triedAgain = new AtomicInteger();
    private final AtomicBoolean done = new AtomicBoolean();
    private final AtomicBoolean otherLives = new AtomicBoolean(true);

    @TempDir
    private Path anchors;

    @BeforeAll
    static void start() {
        authority = new TestAuthority("Nodes");
        gateway = ApprovalGateway.start();
        nodes = TestServer.startNodes(2, List.of(Company.globex(authority, gateway)));
        one = nodes.get(0).api(Company.GLOBEX);
        other = nodes.get(1).api(Company.GLOBEX);
    }

    @AfterAll
    static void stop() {
        TestServer.closeNodes(nodes);
        gateway.close();
    }

    /** The gateway reaches one node or the other; the client too. */
    @Test
    void whatAHolderApprovesOnOneIsFetchedOnceFromEither() throws Exception {
        var holder = new Enrolment(one, CLIENT, SECRET, authority)
                .tenant(TENANT)
                .configuration("pin-push")
                .enrol("approved-on-nodes");
        var hashes = holder.hashes("approved");
        var handle = holder.authorize(hashes).ok().text("handle");
        var question = gateway.sentTo("approved-on-nodes").get(0);
        var here = holder.caller();
        var there = other.with(here.token());

        var given = AtOnce.call(4, which -> gateway.answer(which % 2 == 0 ? one : other, question, true));
        var fetched = AtOnce.call(
                6,
                which -> (which % 2 == 0 ? here : there)
                        .post("/api/v1/credentials/authorize/check", Map.of("handle", handle)));

        assertThat(given).allSatisfy(answer -> assertThat(answer.status()).isEqualTo(204));
        var got = fetched.stream().filter(answer -> answer.status() == 200).toList();
        assertThat(got).hasSize(1);
        holder.by(there).sign(got.get(0).text("SAD"), hashes).ok();
    }

    /** Sent by one node, it authorizes once on either; and of equal calls on both one sends it. */
    @Test
    void aCodeThatIsSentByOneIsUsedOnceOnEither() throws Exception {
        var here = new Enrolment(one, CLIENT, SECRET, authority)
                .tenant(TENANT)
                .configuration("pin-code")
                .enrol("code-on-nodes");
        var there = at(other, here);

        var sent = AtOnce.call(
                6, which -> (which % 2 == 0 ? here : there).caller().act(here.credential(), "otp/send", Map.of()));

        assertThat(sent).filteredOn(answer -> answer.status() == 204).hasSize(1);
        assertThat(gateway.sentTo("code-on-nodes")).hasSize(1);
        var code = gateway.sentTo("code-on-nodes").get(0).path("text").asText().split(": ")[1];
        var factors = Map.of("PIN", here.pin(), "OTP", code);
        var hashes = here.hashes("by code");
        var authorized = AtOnce.call(
                4, which -> (which % 2 == 0 ? here : there).caller().authorize(here.credential(), hashes, factors));
        assertThat(authorized).filteredOn(Answer::isOk).hasSize(1);
    }

    @Test
    void startedTogetherOnAnEmptyDatabaseTheyMigrateItOnce() throws SQLException {
        try (var connection = nodes.get(0).database().superuser("globex")) {
            for (var table : List.of("schema_history_server", "schema_history_signer")) {
                try (var rows = connection
                        .createStatement()
                        .executeQuery("SELECT count(*), count(DISTINCT version), bool_and(success) FROM " + table)) {
                    rows.next();
                    assertThat(rows.getInt(1)).isPositive().isEqualTo(rows.getInt(2));
                    assertThat(rows.getBoolean(3)).isTrue();
                }
            }
        }
        one.get("/health/ready").ok();
        other.get("/health/ready").ok();
    }

    @Test
    void aTokenOfOneIsGoodOnTheOtherUntilItIsRevokedOnEither() {
        var token = one.token(CLIENT, SECRET, "").ok().text("access_token");
        other.checkToken(token).ok();
        other.with(token).configurations().ok();

        one.revoke(CLIENT, SECRET, token).ok();

        other.with(token).configurations().refused(401, "invalid_token", "Token was not recognized");
        other.checkToken(token).refused(400, "invalid_token", "Token was not recognized");
    }

    @Test
    void aSadOfOneSignsOnTheOtherOnce() {
        var here = enrol("sad-of-one", CLIENT, SECRET);
        var there = at(other, here);
        var hashes = here.hashes("document");
        var sad = here.sad(hashes);

        there.sign(sad, hashes).ok();

        here.sign(sad, hashes).refused(400, "invalid_sad", "The SAD is used up");
        there.sign(sad, hashes).refused(400, "invalid_sad", "The SAD is used up");
    }

    @Test
    void ofEqualCallsOnBothAtOnceOneSigns() throws Exception {
        var here = enrol("sad-on-both", CLIENT, SECRET);
        var there = at(other, here);
        for (int round = 0; round < 3; round++) {
            var hashes = here.hashes("document " + round);
            var sad = here.sad(hashes);
            var answers = AtOnce.call(ATTEMPTS_AT_ONCE, i -> (i % 2 == 0 ? here : there).sign(sad, hashes));
            assertThat(answers.stream().filter(Answer::isOk)).hasSize(1);
            answers.stream()
                    .filter(answer -> !answer.isOk())
                    .forEach(answer -> answer.refused(400, "invalid_sad", "The SAD is used up"));
        }
    }

    @Test
    void wrongFactorsOnBothAreCountedTogether() throws Exception {
        var here = enrol("locked-on-both", CLIENT + "-lock", newClient(CLIENT + "-lock"));
        var there = at(other, here);

        var answers = AtOnce.call(ATTEMPTS_AT_ONCE, i -> guess(i % 2 == 0 ? here : there));

        assertThat(answers.stream().filter(answer -> answer.text("error").equals("invalid_pin")))
                .hasSize(3);
        for (var holder : List.of(here, there)) {
            holder.authorize(holder.hashes("a")).refused(403, "credential_locked", "The credential is locked");
        }
        other.asAdministrator().unlock(here.credential()).ok();
        here.authorize(here.hashes("a")).ok();
    }

    @Test
    void aClientIsStoppedOnBoth() {
        var secret = newClient(CLIENT + "-throttled");
        var holders = IntStream.range(0, 4)
                .mapToObj(i -> enrol("throttled-" + i, CLIENT + "-throttled", secret))
                .toList();
        for (int i = 0; i < 8; i++) {
            var holder = holders.get(i % holders.size());
            guess(i < 4 ? holder : at(other, holder)).refused(400, "invalid_pin", "The PIN is invalid");
        }
        for (var holder : List.of(holders.get(0), at(other, holders.get(1)))) {
            var answer = holder.authorize(holder.hashes("a")).refusal();
            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.header("Retry-After")).isPresent();
        }
    }

    @Test
    void oneIsKilledAndComesBackWhileBothSign() throws Exception {
        var holders = IntStream.range(0, CLIENTS)
                .mapToObj(i -> enrol("surviving-" + i, CLIENT, SECRET))
                .toList();
        var executor = Executors.newFixedThreadPool(CLIENTS);
        var clients = new ArrayList<Future<Void>>();
        try {
            for (var holder : holders) {
                Callable<Void> client = () -> signUntilDone(holder, at(other, holder));
                clients.add(executor.submit(client));
            }
            Thread.sleep(SIGNING_MILLIS);
            otherLives.set(false);
            nodes.get(1).killServer();
            Thread.sleep(SIGNING_MILLIS);
            int withOne = received.size();
            nodes.get(1).startServer();
            otherLives.set(true);
            Thread.sleep(SIGNING_MILLIS);
            assertThat(received).hasSizeGreaterThan(withOne);
        } finally {
            done.set(true);
            for (var client : clients) {
                client.get();
            }
            executor.shutdownNow();
        }
        System.out.println("Signatures " + received.size() + ", connections lost " + lostConnections.get()
                + ", tried again on the other node " + triedAgain.get());
        assertThat(wrong).isEmpty();
        assertThat(lostConnections.get()).as("calls that the dead node left").isLessThanOrEqualTo(CLIENTS);
        assertThat(received).hasSizeGreaterThan(50).doesNotHaveDuplicates();
        everySignatureHasItsEntry();
        theLogIsWhole();
    }

    private Void signUntilDone(Holder here, Holder there) {
        for (int turn = 0; !done.get(); turn++) {
            var hashes = List.of(here.hash("document " + documents.incrementAndGet()));
            var authorized = call(turn, here, there, holder -> holder.authorize(hashes));
            if (!authorized.isOk()) {
                wrong.add(authorized.body());
                continue;
            }
            var sad = authorized.text("SAD");
            int again = triedAgain.get();
            var signed = call(turn / 2, here, there, holder -> holder.sign(sad, hashes));
            if (signed.isOk()) {
                received.add(Base64.getEncoder().encodeToString(hashes.get(0)));
            } else if (triedAgain.get() == again || !signed.text("error").equals("invalid_sad")) {
                // Used up is right only for a call that the dead node had taken.
                wrong.add(signed.body());
            }
        }
        return null;
    }

    /** As a front does: on one of the two that live, and on the other one when the connection breaks. */
    private Answer call(int turn, Holder here, Holder there, java.util.function.Function<Holder, Answer> call) {
        if (turn % 2 == 0 || !otherLives.get()) {
            return call.apply(here);
        }
        try {
            return call.apply(there);
        } catch (AssertionError broken) {
            assertThat(broken.getCause()).isInstanceOf(IOException.class);
            lostConnections.incrementAndGet();
            triedAgain.incrementAndGet();
            return call.apply(here);
        }
    }

    private void everySignatureHasItsEntry() throws SQLException {
        var logged = new HashMap<String, Integer>();
        try (var connection = nodes.get(0).database().superuser("globex");
                var rows = connection
                        .createStatement()
                        .executeQuery("SELECT details->>'hashes' FROM audit_entry WHERE type = 'signature.created'"
                                + " AND outcome = 'success' AND seat LIKE 'surviving-%'")) {
            while (rows.next()) {
                logged.merge(rows.getString(1), 1, Integer::sum);
            }
        }
        assertThat(logged).allSatisfy((hash, times) -> assertThat(times).isEqualTo(1));
        assertThat(received).allSatisfy(hash -> assertThat(logged).containsKey(hash));
    }

    private void theLogIsWhole() throws IOException {
        for (var node : nodes) {
            var folder = node.folder().resolve("audit-anchor").resolve(Company.GLOBEX);
            try (var files = Files.list(folder)) {
                for (var file : files.toList()) {
                    Files.copy(file, anchors.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
        var verification = AuditVerification.of(nodes.get(0), "globex", anchors);
        assertThat(verification.exitCode()).as(verification.output()).isEqualTo(AuditVerification.WHOLE);
    }

    private static Answer guess(Holder holder) {
        return holder.caller().authorize(holder.credential(), holder.hashes("a"), Map.of("PIN", "000000"));
    }

    private static Holder enrol(String seat, String client, String secret) {
        return new Enrolment(one, client, secret, authority).tenant(TENANT).enrol(seat);
    }

    /** The same person with the same token at another node. */
    private static Holder at(SignerApi node, Holder holder) {
        return holder.by(node.with(holder.caller().token()));
    }

    private static String newClient(String clientId) {
        var secret = "secret of " + clientId;
        one.asAdministrator()
                .createClient(Map.of(
                        "clientId",
                        clientId,
                        "clientSecret",
                        secret,
                        "authorizedGrantTypes",
                        "client_credentials",
                        "accessTokenValidity",
                        600,
                        "authorities",
                        ALL))
                .ok();
        return secret;
    }
}

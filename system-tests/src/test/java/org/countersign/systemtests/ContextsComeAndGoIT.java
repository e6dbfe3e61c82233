package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.countersign.cli.process.Daemon;
import org.countersign.systemtests.harness.Company;
import org.countersign.systemtests.harness.ConsoleVisitor;
import org.countersign.systemtests.harness.Documents;
import org.countersign.systemtests.harness.Enrolment;
import org.countersign.systemtests.harness.Guest;
import org.countersign.systemtests.harness.Jcmd;
import org.countersign.systemtests.harness.KeyKind;
import org.countersign.systemtests.harness.KmsEndpoint;
import org.countersign.systemtests.harness.Pdf;
import org.countersign.systemtests.harness.TestAuthority;
import org.countersign.systemtests.harness.TestServer;
import org.junit.jupiter.api.Test;

/** Companies move from version to version while the server runs: contexts that were undeployed may not stay in memory. */
class ContextsComeAndGoIT {

    /** Loaded by each context for itself. */
    private static final String OF_EACH = "org.countersign.server.wiring.StartedContext";

    /**
     * Of five: the one that loaded the native provider of signatures for all; one of which an idle thread of the server's remembers
     * the last request; and one whose record was the last that got its methods, as the JDK's own handles of them
     * ({@code java.lang.runtime.ObjectMethods}) keep the last type they were made fit for.
     */
    private static final int STAY = 3;

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static final int AT_ONCE = 32;
    private static final int TRIES = 60;
    private static final long PAUSE_MILLIS = 1000;

    @Test
    void undeployedContextsLeaveTheMemory() throws IOException {
        var authority = new TestAuthority("Authority of those who go");
        try (var kms = KmsEndpoint.start();
                var server = TestServer.start(List.of(
                        Company.acme(),
                        Company.globex(authority),
                        Company.ds(),
                        Company.wallet(),
                        Company.underKms(kms)))) {
            assertThat(loaded(server)).isEqualTo(5);

            for (var kind : List.of(KeyKind.RSA_2048, KeyKind.P_256, KeyKind.ED25519)) {
                var leaver = new Enrolment(server.api(Company.ACME), "acme", "acme_password", authority)
                        .kind(kind)
                        .enrol("leaver-" + kind);
                // What parses documents keeps much in static fields.
                var documents = new Documents(leaver);
                documents.judged(documents.sign(Map.of("format", "PAdES"), Pdf.of("left behind")));
                documents.judged(documents.sign(Map.of("format", "XAdES"), "<a/>".getBytes(StandardCharsets.UTF_8)));
                documents.judged(documents.sign(Map.of("format", "JAdES"), "{}".getBytes(StandardCharsets.UTF_8)));
            }
            new Enrolment(server.api(Guest.KMS), "acme", "acme_password", authority).enrol("leaver-kms");
            assertThat(kms.generated()).isPositive();
            ConsoleVisitor.as(server.api(Company.DS), "operator")
                    .get("/admin/v1/applications")
                    .ok();
            server.api(Company.WALLET).get("/nonce").ok();

            for (var context : List.of(Company.ACME, Company.GLOBEX, Company.DS, Company.WALLET, Guest.KMS)) {
                server.undeploy(context);
            }
            for (int i = 0; i < TRIES && loaded(server) > STAY; i++) {
                work(server);
                Daemon.pause(PAUSE_MILLIS);
                Jcmd.of(server, "GC.run");
            }
            assertThat(loaded(server)).isLessThanOrEqualTo(STAY);
        }
    }

    /** A thread of the server's remembers its last request until it has another one; not each gets one. */
    private static void work(TestServer server) {
        var request = HttpRequest.newBuilder(server.address(Company.ACME))
                .timeout(Duration.ofSeconds(30))
                .build();
        var answers = new ArrayList<CompletableFuture<?>>();
        for (int i = 0; i < AT_ONCE; i++) {
            answers.add(CLIENT.sendAsync(request, BodyHandlers.discarding()));
        }
        answers.forEach(CompletableFuture::join);
    }

    private static long loaded(TestServer server) {
        return Jcmd.of(server, "VM.class_hierarchy", OF_EACH)
                .lines()
                .filter(line -> line.contains(OF_EACH + "/"))
                .count();
    }
}

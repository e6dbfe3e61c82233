package org.countersign.systemtests;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Optional;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.Company;
import org.countersign.systemtests.harness.Http;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.SignerApi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What must hold, 8: the client whose secret stands in the documentation is served on its own machine only. */
@ExtendWith(RunningServer.class)
class DemonstrationClientIT {

    private static final String REFUSAL = "A demonstration client is served on its own machine only";

    private final Platform platform;
    private final SignerApi acme;

    DemonstrationClientIT(Platform platform) {
        this.platform = platform;
        this.acme = platform.acme();
    }

    @ParameterizedTest
    @CsvSource({
        "X-Forwarded-For, 192.0.2.7",
        "X-Forwarded-For, 127.0.0.1",
        "Forwarded, for=192.0.2.7",
        "X-Real-IP, 192.0.2.7",
        "X-Forwarded-Host, signer.example",
        "Via, 1.1 front"
    })
    void isRefusedATokenWhenAProxyPassedTheRequestOn(String header, String value) {
        refused(Http.send(acme.request("/oauth/token")
                .header(header, value)
                .header("Authorization", SignerApi.basic("acme", "acme_password"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("grant_type=client_credentials"))));
    }

    @Test
    void isRefusedAtEveryRequestAlsoWithATokenFromItsOwnMachine() {
        var caller = acme.as("acme", "acme_password", "seat:jdoe@acme");
        caller.list().ok();

        refused(Http.send(caller.request("/api/v1/credentials/list")
                .header("X-Forwarded-For", "192.0.2.7")
                .POST(BodyPublishers.noBody())));
        refused(Http.send(acme.request("/oauth/check_token")
                .header("X-Forwarded-For", "192.0.2.7")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("token=" + caller.token()))));
    }

    @Test
    void isRefusedFromAnotherAddressOfTheMachineWhileOtherClientsAreServed() throws SocketException {
        var elsewhere = otherAddress();
        assumeTrue(elsewhere.isPresent(), "this machine has the loopback address only");
        var caller = acme.as("acme", "acme_password", "seat:jdoe@acme");
        var there = new SignerApi(elsewhere.get());

        refused(there.token("acme", "acme_password", ""));
        refused(there.with(caller.token()).list());
        there.token(Company.ADMINISTRATOR, Company.ADMINISTRATOR_SECRET, "").ok();
    }

    private static void refused(Answer answer) {
        answer.refused(403, "access_denied", REFUSAL);
    }

    private Optional<URI> otherAddress() throws SocketException {
        var here = platform.server().address(Company.ACME);
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .findFirst()
                .map(address ->
                        URI.create("http://" + address.getHostAddress() + ":" + here.getPort() + here.getPath()));
    }
}

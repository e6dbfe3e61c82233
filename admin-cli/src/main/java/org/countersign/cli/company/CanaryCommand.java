package org.countersign.cli.company;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.countersign.cli.sign.ServerAnswer;
import org.countersign.cli.terminal.Refusal;
import org.countersign.cli.terminal.Result;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.wiring.Wiring;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code countersign company canary}. */
@Wiring
@Command(
        name = "canary",
        mixinStandardHelpOptions = true,
        description =
                "Give a company a credential of nobody's that shows, at each move, whether its server signs. Prints"
                        + " what has to be added to the company's file; given again when the company knows it, enrols.")
final class CanaryCommand implements Callable<Integer> {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int UNAUTHORIZED = 401;
    private static final int NOT_FOUND = 404;

    @Mixin
    private SiteOptions options;

    @Parameters(index = "0", paramLabel = "COMPANY", description = "The company's context, signer-company-b.")
    private String company;

    @Option(
            names = "--authorization-configuration",
            defaultValue = "pin",
            paramLabel = "ID",
            description = "One that asks for a PIN alone; default pin.")
    private String configuration;

    @Option(
            names = "--secret-reference",
            paramLabel = "REFERENCE",
            description = "How the file refers to the client's secret; default ${file:…} of a file that this command"
                    + " writes. With ${env:NAME}, put the secret from that file into the server's environment.")
    private String reference;

    @Option(
            names = "--anew",
            description = "Begin another one: the company no longer has the credential of the one there is, or its"
                    + " certificate is over. Its authority takes the place of the former one in the file.")
    private boolean anew;

    @Override
    public Integer call() throws IOException {
        var result = options.result();
        var site = options.site(System.getenv(), result.terminal());
        site.requireSigner(company);
        var clock = Clock.systemUTC();
        var entropy = Entropy.system();
        try (var lock = options.lock(site)) {
            assert lock.isOpen();
            var known = anew ? Optional.<Canary>empty() : Canary.load(site, company);
            if (known.filter(Canary::isEnrolled).isPresent()) {
                known.get().prove(site.context(company), entropy);
                say(result, known.get(), company + " has a canary already, and it signed just now.");
                return 0;
            }
            if (known.isEmpty()) {
                print(site, Canary.begin(site, company, clock, entropy), result);
                return Refusal.NOT_RUNNING;
            }
            try {
                var enrolled = known.get().enrol(site, company, configuration, clock, entropy);
                enrolled.prove(site.context(company), entropy);
                say(result, enrolled, "The canary of " + company + " is enrolled, and it signed.");
                return 0;
            } catch (ServerAnswer answer) {
                if (answer.status() != UNAUTHORIZED && answer.status() != NOT_FOUND) {
                    throw answer;
                }
                print(site, known.get(), result);
                return Refusal.NOT_RUNNING;
            } catch (ConnectException notStarted) {
                print(site, known.get(), result);
                return Refusal.NOT_RUNNING;
            }
        }
    }

    private void say(Result result, Canary canary, String line) {
        result.print(Map.of("credential", canary.credential()), List.of(line));
    }

    private void print(Site site, Canary canary, Result result) throws IOException {
        var secret = reference == null ? "${file:" + Canary.secretFile(site, company) + "}" : reference;
        var tenant = JSON.createObjectNode().put("name", Canary.TENANT);
        tenant.putArray("trustAnchors").add(canary.anchor());
        ObjectNode client = JSON.createObjectNode()
                .put("clientId", Canary.CLIENT)
                .put("clientSecret", secret)
                .put(
                        "authorities",
                        "trustLevel:trustedClient,apiGroup:signer,apiGroup:lister,apiGroup:generator,tenantName:"
                                + Canary.TENANT)
                .put("authorizedGrantTypes", "client_credentials")
                .put("accessTokenValidity", 300);
        result.print(
                Map.of("tenant", tenant, "oAuthClient", client),
                List.of(
                        company + " does not know its canary yet. Add to its file, to \"tenants\":",
                        "  " + JSON.writeValueAsString(tenant),
                        "and to \"oAuthClientDetails\":",
                        "  " + JSON.writeValueAsString(client),
                        "The secret lies in " + Canary.secretFile(site, company) + ", which the server must be able to",
                        "read when it adds the client. Deploy the company anew, and give this command again."));
    }
}

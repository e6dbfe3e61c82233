package org.countersign.systemtests.company;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import org.countersign.systemtests.harness.Holder;
import org.countersign.systemtests.harness.NewerSchema;
import org.countersign.systemtests.harness.SignerApi;
import org.countersign.systemtests.harness.TestServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Company b goes to the next version and back while it and its neighbour sign. */
@Tag("long")
@TestMethodOrder(OrderAnnotation.class)
class ACompanyMovesIT {

    private static final int CLIENTS = 4;
    private static final JsonMapper JSON = new JsonMapper();

    private static TwoVersions two;

    @BeforeAll
    static void start() throws Exception {
        two = TwoVersions.start(TestServer.KIND);
    }

    @AfterAll
    static void stop() throws Exception {
        two.close();
    }

    @Test
    @Order(1)
    void theListShowsBothCompanies() throws Exception {
        var list = two.tool().run("list", "--json").ok();

        var rows = JSON.readTree(list.output());
        assertThat(rows).hasSize(2);
        assertThat(rows.get(1).path("context").asText()).isEqualTo(TwoVersions.B);
        assertThat(rows.get(1).path("version").asText()).isEqualTo("0.1.4");
        assertThat(rows.get(1).path("folder").asText()).isEqualTo(TwoVersions.OLD);
        assertThat(rows.get(1).path("health").asText()).startsWith("ready");
    }

    @Test
    @Order(2)
    void thePlanShowsTheMigration() throws Exception {
        var plan = two.tool()
                .run("plan", TwoVersions.B, "--to", TwoVersions.NEW, "--json")
                .ok();

        var json = JSON.readTree(plan.output());
        assertThat(json.at("/migrations/0/kind").asText()).isEqualTo("expand");
        assertThat(json.at("/migrations/0/sql").asText()).isEqualTo(NewerSchema.EXPAND);
        assertThat(json.path("differences")).isEmpty();
        assertThat(json.path("canary").asBoolean()).isTrue();
    }

    @Test
    @Order(3)
    void behindAFrontNoRequestFails() throws Exception {
        try (var nginx = Nginx.start(two.shippedNginx(), two.server().address())) {
            var tool = two.tool(nginx.options());
            try (var a = clients(nginx, TwoVersions.A, "front");
                    var b = clients(nginx, TwoVersions.B, "front")) {
                tool.run("migrate", TwoVersions.B, "--to", TwoVersions.NEW).ok();
                tool.run("verify", TwoVersions.B).ok();
                assertVersion(TwoVersions.B, TwoVersions.NEW_VERSION);
                assertVersion(TwoVersions.A, "0.1.4");
                tool.run("rollback", TwoVersions.B).ok();
                tool.run("verify", TwoVersions.B).ok();
                assertVersion(TwoVersions.B, "0.1.4");
                a.finish();
                b.finish();
                report("behind nginx", a, b);
                assertThat(a.failures()).isEmpty();
                assertThat(b.failures()).isEmpty();
                assertThat(a.unavailable()).as("503 on a").isZero();
                assertThat(b.unavailable()).as("503 on b").isZero();
                a.assertNothingLostOrDoubled(two.database(TwoVersions.A));
                b.assertNothingLostOrDoubled(two.database(TwoVersions.B));
            }
        }
    }

    @Test
    @Order(4)
    void withoutAFrontTheNeighbourNoticesNothingAndTheCompanyAnswersNothingBut503() throws Exception {
        var tool = two.tool();
        try (var a = new SigningClients(holders(two.api(TwoVersions.A), "direct"));
                var b = new SigningClients(holders(two.api(TwoVersions.B), "direct"))) {
            tool.run("migrate", TwoVersions.B, "--to", TwoVersions.NEW).ok();
            assertVersion(TwoVersions.B, TwoVersions.NEW_VERSION);
            tool.run("rollback", TwoVersions.B).ok();
            assertVersion(TwoVersions.B, "0.1.4");
            tool.run("verify", TwoVersions.B).ok();
            a.finish();
            b.finish();
            report("without a front", a, b);
            assertThat(a.failures()).isEmpty();
            assertThat(a.unavailable()).as("503 on a").isZero();
            assertThat(b.failures()).isEmpty();
            a.assertNothingLostOrDoubled(two.database(TwoVersions.A));
            b.assertNothingLostOrDoubled(two.database(TwoVersions.B));
        }
    }

    private static List<Holder> holders(SignerApi api, String name) {
        var holders = new ArrayList<Holder>();
        for (int i = 0; i < CLIENTS; i++) {
            holders.add(two.enrolment(api).enrol(name + "-" + i));
        }
        return holders;
    }

    private static SigningClients clients(Nginx nginx, String company, String name) {
        return new SigningClients(holders(new SignerApi(java.net.URI.create(nginx.address() + "/" + company)), name));
    }

    private static void assertVersion(String company, String version) {
        assertThat(two.api(company).get("/health/ready").ok().text("version")).isEqualTo(version);
    }

    private static void report(String how, SigningClients a, SigningClients b) {
        System.out.printf(
                "%s: a %d signatures, %d times 503, failures %s; b %d signatures, %d times 503 within %d ms, failures %s%n",
                how,
                a.signatures(),
                a.unavailable(),
                a.failures(),
                b.signatures(),
                b.unavailable(),
                b.unavailableMillis(),
                b.failures());
    }
}

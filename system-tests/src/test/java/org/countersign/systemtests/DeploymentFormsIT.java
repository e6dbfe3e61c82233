package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import org.countersign.systemtests.harness.Company;
import org.countersign.systemtests.harness.Enrolment;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.ServerPool;
import org.countersign.systemtests.harness.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What an administrator may choose otherwise: one file for everything, and a pool that the server manages. */
@ExtendWith(RunningServer.class)
class DeploymentFormsIT {

    private final Platform platform;
    private final TestServer server;

    DeploymentFormsIT(Platform platform) {
        this.platform = platform;
        this.server = platform.server();
    }

    @Test
    void aContextOfTheEnterpriseArchiveIsNamedByItsRootAndReadsItsFile() throws Exception {
        assertThat(server.deploy("countersign.ear", server.installation().ear()))
                .as("the server takes it")
                .isTrue();

        signsOnce(Company.IN_ARCHIVE);
        var ds = server.api(Company.DS_IN_ARCHIVE);
        ds.get("/health/ready").ok();
        ds.token(Company.OPERATOR, Company.OPERATOR_SECRET, "").ok();
        var wallet = server.api(Company.WALLET_IN_ARCHIVE);
        wallet.get("/health/ready").ok();
        assertThat(wallet.get("/nonce").ok().text("nonce")).hasSize(43);
        // Of another company, and a database of its own.
        server.api(Company.IN_ARCHIVE)
                .token("globex", "secret of globex", "")
                .refused(401, "invalid_client", "Bad client credentials");
    }

    @Test
    void aCompanyMayUseAPoolOfTheServers() throws Exception {
        ServerPool.make(server, Company.POOL);

        assertThat(server.deploy(Company.WITH_POOL)).as("the server takes it").isTrue();

        signsOnce(Company.WITH_POOL);
        try (var connection = server.database().superuser(Company.POOL);
                var entries = connection
                        .createStatement()
                        .executeQuery("SELECT count(*) FROM audit_entry WHERE type = 'signature.created'")) {
            entries.next();
            assertThat(entries.getInt(1)).isEqualTo(1);
        }
    }

    private void signsOnce(String context) {
        var api = server.api(context);
        api.get("/health/ready").ok();
        var holder = new Enrolment(api, "acme", "acme_password", platform.authority()).enrol("forms-" + context);
        var hashes = holder.hashes("a letter");
        assertThat(holder.sign(holder.sad(hashes), hashes).ok().texts("signatures"))
                .hasSize(1);
    }
}

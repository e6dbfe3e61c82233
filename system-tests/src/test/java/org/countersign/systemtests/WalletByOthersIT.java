package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.countersign.systemtests.harness.NodePackage;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.SignerApi;
import org.countersign.systemtests.harness.WalletOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A wallet of libraries of others: {@code jose}, {@code dpop} and {@code oauth4webapi}. Needs Node.js and npm. */
@ExtendWith(RunningServer.class)
class WalletByOthersIT {

    private final SignerApi provider;

    WalletByOthersIT(Platform platform) {
        provider = platform.wallet();
    }

    @Test
    void aLegalPersonsWalletGoesFromItsInvitationToASignature(@TempDir Path folder) throws Exception {
        var node = NodePackage.install("wallet", folder);
        var operator = new WalletOperator(provider);
        var kid = operator.newCompanyKey().text("kid");
        operator.signBy("{\"clientId\":\"https://acme.example.com\",\"kid\":\"" + kid + "\"}")
                .ok();
        var link = operator.act(operator.newLegalPerson(), "invitation").ok().text("link");

        assertThat(node.run(Map.of("CONTEXT", provider.context().toString(), "LINK", link)))
                .contains("initialised, let in, configured, signed, attested anew, another PIN");
    }
}

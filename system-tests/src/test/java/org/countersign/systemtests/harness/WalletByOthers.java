package org.countersign.systemtests.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;

/** A wallet of libraries of others: {@code jose}, {@code dpop} and {@code oauth4webapi}. Needs Node.js and npm. */
public final class WalletByOthers {

    private WalletByOthers() {}

    /**
     * A legal person's, which is invited, let in and makes every call there is for wallets.
     *
     * @param folder an empty one to run in
     */
    public static void run(SignerApi provider, Path folder) throws Exception {
        var node = NodePackage.install("wallet", folder);
        var operator = new WalletOperator(provider);
        var kid = operator.newCompanyKey().text("kid");
        operator.signBy("{\"clientId\":\"https://acme.example.com\",\"kid\":\"" + kid + "\"}")
                .ok();
        var link = operator.act(operator.newLegalPerson(), "invitation").ok().text("link");

        assertThat(node.run(Map.of("CONTEXT", provider.context().toString(), "LINK", link)))
                .contains("initialised, let in twice, configured, signed, attested anew, another PIN");
    }
}

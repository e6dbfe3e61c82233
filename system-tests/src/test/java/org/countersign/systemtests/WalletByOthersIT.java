package org.countersign.systemtests;

import java.nio.file.Path;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.SignerApi;
import org.countersign.systemtests.harness.WalletByOthers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@link WalletByOthers} at the wallet provider. */
@ExtendWith(RunningServer.class)
class WalletByOthersIT {

    private final SignerApi provider;

    WalletByOthersIT(Platform platform) {
        provider = platform.wallet();
    }

    @Test
    void aLegalPersonsWalletGoesFromItsInvitationToASignature(@TempDir Path folder) throws Exception {
        WalletByOthers.run(provider, folder);
    }
}

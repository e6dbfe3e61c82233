package org.countersign.server.issuing;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.countersign.ds.TestContext;

/** Signing keys as a context has them, for tests of what is signed. */
public final class TestKeys implements AutoCloseable {

    private final SigningKeys keys;

    private TestKeys(SigningKeys keys) {
        this.keys = keys;
    }

    public static TestKeys of(TestContext context) throws IOException {
        var master = new byte[32];
        var privateKeys = new PrivateKeys(context.vault(master), context.secrets(master), TestContext.ENTROPY);
        var settings = new SigningKeySettings(JwsAlgorithm.ES256, Duration.ofMinutes(20), Duration.ofDays(90));
        return new TestKeys(
                SigningKeys.start(context.database(), privateKeys, settings, context.audit(), Clock.systemUTC()));
    }

    public SigningKeys keys() {
        return keys;
    }

    public String sign(String typ, Map<String, Object> claims) {
        return keys.sign(typ, claims);
    }

    @Override
    public void close() {
        keys.close();
    }
}

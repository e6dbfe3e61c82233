package org.countersign.signer.ades;

import java.security.Provider;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * Bouncy Castle for DSS alone. DSS adds its provider to the JVM's list, which is that of every application of the server, and would
 * outlive this one; an addition changes nothing when the name is there already. So this one has the name of one that always is.
 */
final class OwnProvider extends Provider {

    private static final long serialVersionUID = 1L;
    private static final String ALWAYS_THERE = "SUN";

    private final transient Provider real = new BouncyCastleProvider();

    OwnProvider() {
        super(ALWAYS_THERE, "1", "Bouncy Castle, for signed documents of one context");
    }

    @Override
    public Service getService(String type, String algorithm) {
        return real.getService(type, algorithm);
    }
}

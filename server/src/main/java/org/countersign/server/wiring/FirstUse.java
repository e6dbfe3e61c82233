package org.countersign.server.wiring;

import org.bouncycastle.crypto.CryptoServicesRegistrar;

/**
 * What leaves objects of this WAR in the thread that uses it first. In one of the server's threads they would stay when the
 * context goes, and with them every class that the WAR has loaded; so it is used first in a thread that ends.
 */
final class FirstUse {

    private FirstUse() {}

    static void apart() {
        // Its initialisation sets default parameters for the current thread.
        var thread = new Thread(CryptoServicesRegistrar::getServicesConstraints, "countersign-first-use");
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }
}

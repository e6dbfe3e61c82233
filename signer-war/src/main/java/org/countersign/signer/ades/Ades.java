package org.countersign.signer.ades;

import eu.europa.esig.dss.spi.DSSSecurityProvider;

/** DSS, ready to be used. It is set up by the first use, not by the start of the context. */
final class Ades {

    static {
        DSSSecurityProvider.setSecurityProvider(new OwnProvider());
        XmlSignatures.setUp();
    }

    private Ades() {}

    /** Has the class initialised, once. */
    static void ready() {
        // By being called.
    }
}

package org.countersign.signer.wiring;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** What this node is called in the audit log. */
final class NodeName {

    private NodeName() {}

    static String local() {
        var server = System.getProperty("jboss.node.name", System.getProperty("wlp.server.name", ""));
        if (!server.isEmpty()) {
            return server;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException unnamed) {
            return "unnamed";
        }
    }
}

package org.countersign.server.wiring;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** What this node is called in the audit log. */
final class NodeName {

    private NodeName() {}

    static String local() {
        // WildFly's is its host's name, unless it was given another one; Liberty's is often the same on every host.
        var wildfly = System.getProperty("jboss.node.name", "");
        if (!wildfly.isEmpty()) {
            return wildfly;
        }
        var liberty = System.getProperty("wlp.server.name", "");
        return liberty.isEmpty() ? host() : host() + "/" + liberty;
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException unnamed) {
            return "unnamed";
        }
    }
}

package org.countersign.agent.link;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;

/** This machine, as a device tells of it. */
final class Machine {

    private static final int LONGEST_HOST = 255;

    private Machine() {}

    /** One of MACOS, MACOSARM, WIN32, WIN64, UNIX. */
    static String os() {
        var system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        if (system.startsWith("windows")) {
            return architecture().contains("64") ? "WIN64" : "WIN32";
        }
        if (system.startsWith("mac")) {
            return "aarch64".equals(architecture()) ? "MACOSARM" : "MACOS";
        }
        return "UNIX";
    }

    static String architecture() {
        var given = System.getProperty("os.arch").replaceAll("[^0-9A-Za-z_-]", "");
        return given.isEmpty() ? "unknown" : given.substring(0, Math.min(given.length(), 32));
    }

    /** Its name; may ask the network. */
    static String host() {
        try {
            var name = InetAddress.getLocalHost()
                    .getHostName()
                    .replaceAll("[^ -~]", "")
                    .strip();
            return name.isEmpty() ? "unknown" : name.substring(0, Math.min(name.length(), LONGEST_HOST));
        } catch (UnknownHostException nameless) {
            return "unknown";
        }
    }
}

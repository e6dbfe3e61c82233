package org.countersign.ds.releases;

import java.util.Locale;
import java.util.Optional;
import org.countersign.core.error.ProtocolException;

/** What an agent is built for, and its installer. */
public enum AgentOs {
    MACOS,
    MACOSARM,
    WIN32,
    WIN64,
    UNIX;

    /** @throws ProtocolException {@code invalid_request} */
    public static AgentOs of(String text) {
        for (var os : values()) {
            if (os.name().equalsIgnoreCase(text)) {
                return os;
            }
        }
        throw ProtocolException.invalidRequest("os must be one of MACOS, MACOSARM, WIN32, WIN64, UNIX");
    }

    /**
     * Guesses from what a browser says of itself. Browsers on a Mac name Intel whatever the processor, so that only the
     * client hint tells.
     *
     * @param userAgent the header {@code User-Agent}, or null
     * @param architecture the header {@code Sec-CH-UA-Arch}, or null
     */
    static Optional<AgentOs> ofUserAgent(String userAgent, String architecture) {
        var text = userAgent == null ? "" : userAgent.toLowerCase(Locale.ROOT);
        if (text.contains("iphone") || text.contains("ipad") || text.contains("android") || text.contains("cros ")) {
            return Optional.empty();
        }
        if (text.contains("windows")) {
            boolean wide = text.contains("win64") || text.contains("wow64") || text.contains("x64");
            return Optional.of(wide ? WIN64 : WIN32);
        }
        if (text.contains("macintosh") || text.contains("mac os x")) {
            boolean arm = architecture != null
                    && architecture.toLowerCase(Locale.ROOT).contains("arm");
            return Optional.of(arm ? MACOSARM : MACOS);
        }
        return text.contains("linux") || text.contains("x11") ? Optional.of(UNIX) : Optional.empty();
    }
}

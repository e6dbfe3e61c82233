package org.countersign.ds.releases;

import java.util.Locale;
import org.countersign.core.error.ProtocolException;

/** How an installer's file name ends. */
enum InstallerFormat {
    MSI,
    EXE,
    PKG,
    DMG,
    DEB,
    RPM,
    ZIP;

    /**
     * By name, or what is usual for the system.
     *
     * @param text may be null
     * @throws ProtocolException {@code invalid_request}
     */
    static InstallerFormat of(String text, AgentOs os) {
        if (text == null) {
            return switch (os) {
                case MACOS, MACOSARM -> PKG;
                case WIN32, WIN64 -> MSI;
                case UNIX -> DEB;
            };
        }
        for (var format : values()) {
            if (format.name().equalsIgnoreCase(text)) {
                return format;
            }
        }
        throw ProtocolException.invalidRequest("format must be one of msi, exe, pkg, dmg, deb, rpm, zip");
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

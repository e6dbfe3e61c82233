package org.countersign.cli.sign;

import java.nio.file.Path;

/** The command with which anybody checks a detached signature. */
final class OpenSslLine {

    private OpenSslLine() {}

    static String verifying(Path signature, Path content, Path authority) {
        return "openssl cms -verify -binary -inform DER -in " + quoted(signature) + " -content " + quoted(content)
                + " -CAfile " + quoted(authority) + " -purpose any -out /dev/null";
    }

    /** For a POSIX shell; a leading dash is no option. */
    private static String quoted(Path path) {
        var text = path.toString();
        if (text.startsWith("-")) {
            text = "./" + text;
        }
        return text.matches("[A-Za-z0-9_./+=:,@-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}

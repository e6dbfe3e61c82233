package org.countersign.server.console;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.apache.commons.codec.digest.DigestUtils;
import org.countersign.server.oauth.ApiGroup;

/**
 * Who may sign in.
 *
 * @param passwordHash Argon2id in the PHC string format
 * @param demonstration refused from any peer that is not loopback
 */
public record ConsoleUser(String name, String passwordHash, Set<ApiGroup> roles, boolean demonstration) {

    public ConsoleUser {
        roles = Set.copyOf(roles);
    }

    /** What changes with the password: sessions of an earlier one have ended. */
    byte[] mark() {
        return DigestUtils.sha256(passwordHash.getBytes(StandardCharsets.US_ASCII));
    }

    /** Leaves the password's hash out. */
    @Override
    public String toString() {
        return "the console's user " + name;
    }
}

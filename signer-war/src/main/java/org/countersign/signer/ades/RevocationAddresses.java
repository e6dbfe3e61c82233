package org.countersign.signer.ades;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * Where it is asked whether a certificate was revoked: what a certificate from outside names is asked for nowhere else.
 *
 * @param allowed addresses that end with a slash; what is below them is asked for
 */
record RevocationAddresses(List<URI> allowed) {

    RevocationAddresses {
        allowed = List.copyOf(allowed);
    }

    /** As it is to be asked for; nothing unless that is allowed. @param text as the certificate has it */
    Optional<URI> find(String text) {
        try {
            var address = URI.create(text);
            if (address.getRawPath() != null
                    && address.getRawPath().isEmpty()
                    && address.getRawQuery() == null
                    && address.getRawFragment() == null) {
                // The same as with the slash (RFC 9110 §4.2.3), and usual for responders.
                address = URI.create(text + "/");
            }
            return isAllowed(address) ? Optional.of(address) : Optional.empty();
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private boolean isAllowed(URI address) {
        return address.equals(address.normalize())
                && address.getRawUserInfo() == null
                && address.getRawPath() != null
                && !address.getRawPath().contains("%")
                && allowed.stream().anyMatch(prefix -> isBelow(prefix, address));
    }

    private static boolean isBelow(URI prefix, URI address) {
        return prefix.getScheme().equals(address.getScheme())
                && prefix.getRawAuthority().equals(address.getRawAuthority())
                && address.getRawPath().startsWith(prefix.getRawPath());
    }
}

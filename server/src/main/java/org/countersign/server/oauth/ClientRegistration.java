package org.countersign.server.oauth;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.oauth2.Scope;
import org.countersign.core.oauth2.SeatName;

/**
 * A client as the configuration file or an administrator registers it, checked.
 *
 * @param authorizedGrantTypes {@code client_credentials}, the only one so far
 * @param demonstration refused from any peer that is not loopback
 * @param defaultSeat whom its tokens speak for where it names nobody; of one of its tenants
 */
public record ClientRegistration(
        String clientId,
        String authorizedGrantTypes,
        Duration accessTokenValidity,
        Authorities authorities,
        boolean demonstration,
        Optional<SeatName> defaultSeat) {

    static final String DEFAULT_SCOPE_FORM = "must be seat:NAME@TENANT, of one of the client's tenants";

    /** Without a default seat. */
    public ClientRegistration(
            String clientId,
            String authorizedGrantTypes,
            Duration accessTokenValidity,
            Authorities authorities,
            boolean demonstration) {
        this(clientId, authorizedGrantTypes, accessTokenValidity, authorities, demonstration, Optional.empty());
    }

    /**
     * Reads a default scope.
     *
     * @param text {@code seat:NAME@TENANT}, or null for none
     * @param problems is told what is wrong
     */
    static Optional<SeatName> defaultSeat(String text, Authorities authorities, Consumer<String> problems) {
        if (text == null || text.isBlank()) {
            return Optional.empty();
        }
        try {
            var seat = Scope.parse(text).seat();
            if (seat.isPresent() && authorities.tenants().contains(seat.get().tenant())) {
                return seat;
            }
        } catch (ProtocolException malformed) {
            // told below
        }
        problems.accept(DEFAULT_SCOPE_FORM);
        return Optional.empty();
    }
}

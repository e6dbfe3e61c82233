package org.countersign.server.oauth;

import java.time.Duration;

/**
 * A client as the configuration file or an administrator registers it, checked.
 *
 * @param authorizedGrantTypes {@code client_credentials}, the only one so far
 * @param demonstration refused from any peer that is not loopback
 */
public record ClientRegistration(
        String clientId,
        String authorizedGrantTypes,
        Duration accessTokenValidity,
        Authorities authorities,
        boolean demonstration) {}

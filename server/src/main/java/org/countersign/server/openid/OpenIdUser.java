package org.countersign.server.openid;

import java.util.Set;
import org.countersign.server.oauth.ApiGroup;

/**
 * Somebody whom the provider knows.
 *
 * @param name up to 128 characters of visible ASCII
 * @param roles none for somebody who may do nothing here
 */
public record OpenIdUser(String name, Set<ApiGroup> roles) {

    public OpenIdUser {
        roles = Set.copyOf(roles);
    }
}

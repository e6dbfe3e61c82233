package org.countersign.signer.seats;

import java.util.Set;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.oauth2.GroupName;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Caller;

/** Who may administrate people and groups, and of which tenants: those of the client, or all of the context when it has none. */
final class SeatAdministration {

    private final Set<String> tenantsOfContext;

    SeatAdministration(Set<String> tenantsOfContext) {
        this.tenantsOfContext = Set.copyOf(tenantsOfContext);
    }

    /** @throws ProtocolException {@code access_denied} for anybody but an administrator */
    Set<String> tenants(Caller caller) {
        caller.require(ApiGroup.OAUTH_ADMIN);
        var own = caller.authorities().tenants();
        return own.isEmpty() ? tenantsOfContext : own;
    }

    /**
     * Where a request may leave the tenant out.
     *
     * @throws ProtocolException {@code access_denied} for another tenant, the same whether there is one of the name
     */
    Set<String> tenants(Caller caller, String tenant) {
        var tenants = tenants(caller);
        if (tenant == null) {
            return tenants;
        }
        if (!tenants.contains(tenant)) {
            throw ProtocolException.accessDenied();
        }
        return Set.of(tenant);
    }

    /** As {@link #tenants(Caller, String)}, where it must be there. */
    String tenant(Caller caller, String tenant) {
        var tenants = tenants(caller);
        if (tenant == null || tenant.isEmpty()) {
            throw ProtocolException.invalidRequest("tenant is required");
        }
        if (!tenants.contains(tenant)) {
            throw ProtocolException.accessDenied();
        }
        return tenant;
    }

    static GroupName group(String group, String tenant) {
        if (group == null || group.isEmpty()) {
            throw ProtocolException.invalidRequest("group is required");
        }
        if (!GroupName.isGroup(group)) {
            throw ProtocolException.invalidRequest("group must have 1 to 64 letters, digits, '.', '_' and '-'");
        }
        return new GroupName(group, tenant);
    }

    static <T> T required(T request) {
        if (request == null) {
            throw ProtocolException.invalidRequest("Payload is required");
        }
        return request;
    }
}

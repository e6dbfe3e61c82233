package org.countersign.server.oauth;

import java.util.Set;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.oauth2.SeatName;

/** Which people a client reaches, where its authorities name groups of a tenant. */
@FunctionalInterface
public interface SeatGroups {

    /** Nobody is in a group. */
    SeatGroups NONE = (seat, groups) -> false;

    /** @param groups of the seat's tenant, without its name */
    boolean isIn(SeatName seat, Set<String> groups);

    /** Whether the seat is of one of the tenants and, where groups of this tenant are named, in one of those. */
    default boolean reaches(Authorities authorities, SeatName seat) {
        var groups = authorities.groupsOf(seat.tenant());
        return authorities.tenants().contains(seat.tenant()) && (groups.isEmpty() || isIn(seat, groups));
    }

    /** @throws ProtocolException {@code access_denied}, the same whether there is such a seat or not */
    default void require(Authorities authorities, SeatName seat) {
        if (!reaches(authorities, seat)) {
            throw ProtocolException.accessDenied();
        }
    }
}

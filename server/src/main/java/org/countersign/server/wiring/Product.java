package org.countersign.server.wiring;

import java.util.List;
import java.util.function.Function;
import org.countersign.server.oauth.SeatGroups;
import org.countersign.server.persistence.Database;

/**
 * What of a product the common parts are made with.
 *
 * @param name {@code signer}, {@code ds} or {@code wallet}: of its migrations
 * @param anchorSecret from which the key of the audit log's anchor is derived
 * @param entities the product's own
 * @param seatGroups that its database knows
 */
public record Product(
        String name, byte[] anchorSecret, List<Class<?>> entities, Function<Database, SeatGroups> seatGroups) {

    /** Without groups. */
    public Product(String name, byte[] anchorSecret, List<Class<?>> entities) {
        this(name, anchorSecret, entities, database -> SeatGroups.NONE);
    }

    @Override
    public String toString() {
        return name;
    }
}

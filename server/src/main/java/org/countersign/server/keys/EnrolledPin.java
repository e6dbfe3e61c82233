package org.countersign.server.keys;

/**
 * A PIN just set or changed.
 *
 * @param stored for the database, at most 300 characters of ASCII: what checks the PIN, and the activation key sealed
 *     under it; see {@link StoredPin}
 * @param activationKey what the PIN opens keys with
 */
public record EnrolledPin(String stored, ActivationKey activationKey) {

    @Override
    public String toString() {
        return "an enrolled PIN";
    }
}

package org.countersign.ds.modules;

/**
 * A map as a device is told of it.
 *
 * @param kind {@code modules} or {@code atrs}
 * @param audience {@code aud} of the map: {@code public} or the organisation
 * @param revision see {@link SignedMap}
 * @param sha256 see {@link SignedMap}
 * @param signed see {@link SignedMap}; null when the device has it
 */
public record DeviceMap(String kind, String audience, long revision, String sha256, String signed) {

    /** What a device has. */
    public record Held(String kind, String audience, String sha256) {}

    static DeviceMap of(String kind, String audience, SignedMap map) {
        return new DeviceMap(kind, audience, map.revision(), map.sha256(), map.signed());
    }

    Held held() {
        return new Held(kind, audience, sha256);
    }

    DeviceMap withoutContent() {
        return new DeviceMap(kind, audience, revision, sha256, null);
    }
}

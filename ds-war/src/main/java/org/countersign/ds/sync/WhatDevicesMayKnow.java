package org.countersign.ds.sync;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.countersign.ds.devices.Device;
import org.countersign.ds.modules.DeviceMap;

/** What a device is told beside keys and times; the parts of the service that know it are joined where it is wired. */
public interface WhatDevicesMayKnow {

    /** The web origins of an organisation's applications. Asked at each call of a device: it must be quick. */
    List<String> allowedOrigins(UUID organisation);

    /**
     * The maps of modules and cards that count for an organisation. Asked at each call of a device, too.
     *
     * @param held what the device has; empty when it wants no contents
     */
    List<DeviceMap> maps(UUID organisation, Optional<Set<DeviceMap.Held>> held);

    /** The offer of another version, as a record of ours; nothing when there is none. */
    default Optional<Object> updates(Device device) {
        return Optional.empty();
    }
}

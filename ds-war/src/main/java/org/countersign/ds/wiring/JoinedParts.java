package org.countersign.ds.wiring;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.countersign.ds.applications.KnownOrigins;
import org.countersign.ds.devices.Device;
import org.countersign.ds.modules.DeviceMap;
import org.countersign.ds.modules.DeviceMaps;
import org.countersign.ds.releases.UpdateOffers;
import org.countersign.ds.sync.WhatDevicesMayKnow;

/** Tells devices what applications, versions, modules and cards there are. */
record JoinedParts(KnownOrigins origins, UpdateOffers offers, DeviceMaps maps) implements WhatDevicesMayKnow {

    @Override
    public List<String> allowedOrigins(UUID organisation) {
        return origins.of(organisation);
    }

    @Override
    public List<DeviceMap> maps(UUID organisation, Optional<Set<DeviceMap.Held>> held) {
        return maps.of(organisation, held);
    }

    @Override
    public Optional<Object> updates(Device device) {
        return offers.offer(device.id(), device.organisation(), device.version(), device.os())
                .map(Object.class::cast);
    }
}

package org.countersign.ds.releases;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Every version at one moment, the highest first. */
record Catalogue(List<AgentVersion> versions) {

    Catalogue {
        versions = versions.stream()
                .sorted(Comparator.comparing(AgentVersion::id).reversed())
                .toList();
    }

    Optional<AgentVersion> find(SemanticVersion id) {
        return versions.stream().filter(version -> version.id().equals(id)).findFirst();
    }

    /**
     * What somebody who has none installs: the highest recommended version that everybody may have, else the highest
     * allowed release that is rolled out to everybody.
     */
    Optional<AgentVersion> forNewUsers(AgentOs os) {
        var ready = versions.stream()
                .filter(version -> version.allowed() && version.installers().containsKey(os))
                .toList();
        return ready.stream()
                .filter(version -> version.recommended() && version.rolloutPercent() == 100)
                .findFirst()
                .or(() -> ready.stream()
                        .filter(version -> version.rolloutPercent() == 100
                                && version.id().preRelease().isEmpty())
                        .findFirst());
    }

    /**
     * What a device is to move to.
     *
     * @param version the highest that is allowed, recommended, has an installer for the system and is rolled out to the
     *     device; below the current one only when that is retired
     * @param mandatory when it, or one between the current and it, is mandatory, or the current one is retired
     */
    record Target(AgentVersion version, boolean mandatory) {}

    Optional<Target> target(UUID device, SemanticVersion current, AgentOs os) {
        boolean retired = find(current).map(version -> !version.allowed()).orElse(false);
        return versions.stream()
                .filter(version -> version.allowed() && version.recommended())
                .filter(version -> version.installers().containsKey(os))
                .filter(version -> Rollout.includes(device, version.id(), version.rolloutPercent()))
                .findFirst()
                .filter(version -> retired || version.id().compareTo(current) > 0)
                .map(version -> new Target(version, retired || passesMandatory(current, version.id())));
    }

    private boolean passesMandatory(SemanticVersion current, SemanticVersion target) {
        return versions.stream()
                .anyMatch(version -> version.allowed()
                        && version.mandatory()
                        && version.id().compareTo(current) > 0
                        && version.id().compareTo(target) <= 0);
    }
}

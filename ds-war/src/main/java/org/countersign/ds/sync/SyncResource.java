package org.countersign.ds.sync;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.ProtocolException;
import org.countersign.ds.devices.Device;
import org.countersign.ds.devices.DeviceCalls;
import org.countersign.ds.devices.DeviceCertificates;
import org.countersign.ds.devices.DeviceProofVerifier;
import org.countersign.ds.devices.DevicesTable;
import org.countersign.ds.devices.Text;
import org.countersign.ds.envelope.Envelope;
import org.countersign.ds.modules.DeviceMap;
import org.countersign.ds.sync.TrustedKeys.IssuerKeys;
import org.countersign.ds.transactions.TransactionReport;
import org.countersign.ds.transactions.Transactions;
import org.countersign.server.web.JsonBodies;
import org.countersign.server.web.OpenToAll;

/** Where devices report and are told what to trust, in one round trip. */
@Path("v3/devices/{uuid}/sync")
@OpenToAll
public final class SyncResource {

    private static final int MOST_MODULES = 200;
    private static final int MOST_MAPS = 8;
    private static final Pattern MAP = Pattern.compile("modules|atrs");
    private static final Pattern AUDIENCE = Pattern.compile("public|[0-9a-f-]{36}");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern MODULE = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern MODULE_VERSION = Pattern.compile("[0-9A-Za-z.+_-]{1,32}");

    private final DeviceCalls calls;
    private final DevicesTable devices;
    private final Transactions transactions;
    private final TrustedKeys keys;
    private final WhatDevicesMayKnow known;
    private final DeviceCertificates certificates;
    private final Duration interval;
    private final Clock clock;
    private final Entropy entropy;

    public SyncResource(
            DeviceCalls calls,
            DevicesTable devices,
            Transactions transactions,
            TrustedKeys keys,
            WhatDevicesMayKnow known,
            DeviceCertificates certificates,
            Duration interval,
            Clock clock,
            Entropy entropy) {
        this.calls = calls;
        this.devices = devices;
        this.transactions = transactions;
        this.keys = keys;
        this.known = known;
        this.certificates = certificates;
        this.interval = interval;
        this.clock = clock;
        this.entropy = entropy;
    }

    /** A module that the agent has. */
    public record ModuleReport(String id, String version) {}

    /**
     * What a device reports; each may be left out.
     *
     * @param status a word of the agent's, up to 32 characters
     * @param modules 200 at most
     * @param consents how many are in force
     * @param transactions since the last time, 1,000 at most
     * @param tlsCertificateSha256 of the certificate it has, 64 hexadecimal digits in lower case: when another one is in
     *     force, as an answer was lost, it gets that again
     * @param maps which it has, 8 at most; without the member it gets no contents of maps
     */
    public record SyncRequest(
            String status,
            List<ModuleReport> modules,
            Integer consents,
            List<TransactionReport> transactions,
            String tlsCertificateSha256,
            List<DeviceMap.Held> maps) {

        Optional<Set<DeviceMap.Held>> checkedMaps() {
            if (maps == null) {
                return Optional.empty();
            }
            if (maps.size() > MOST_MAPS || maps.contains(null)) {
                throw ProtocolException.invalidRequest("maps must have at most " + MOST_MAPS + " objects");
            }
            for (var map : maps) {
                Text.matching("kind", map.kind(), MAP);
                Text.matching("audience", map.audience(), AUDIENCE);
                Text.matching("sha256", map.sha256(), SHA256);
            }
            return Optional.of(Set.copyOf(maps));
        }

        String checkedCertificate() {
            return tlsCertificateSha256 == null
                    ? null
                    : Text.matching("tlsCertificateSha256", tlsCertificateSha256, SHA256);
        }

        String checkedModules() {
            if (modules == null) {
                return null;
            }
            if (modules.size() > MOST_MODULES || modules.contains(null)) {
                throw ProtocolException.invalidRequest("modules must have at most " + MOST_MODULES + " objects");
            }
            return modules.stream()
                    .map(module -> Text.matching("id", module.id(), MODULE) + " "
                            + Text.matching("version", module.version(), MODULE_VERSION))
                    .collect(Collectors.joining("\n"));
        }
    }

    /**
     * @param serverTime as RFC 3339 has it
     * @param nextSyncInSeconds when to call again
     * @param transactionsAdded how many of those sent were new
     * @param allowedOrigins web origins whose pages may talk to the agent
     * @param issuers whose tokens to trust, by which keys
     * @param maps of modules and cards, everyone's and the organisation's own; with the contents that the device lacks
     * @param tlsCertificate a new chain for its TLS key, base64 of DER, its own first; absent while the last is good
     * @param updates the offer of another version; absent when there is nothing
     */
    public record SyncAnswer(
            String serverTime,
            int nextSyncInSeconds,
            int transactionsAdded,
            List<String> allowedOrigins,
            List<IssuerKeys> issuers,
            List<DeviceMap> maps,
            List<String> tlsCertificate,
            Object updates) {}

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public Envelope<SyncAnswer> sync(
            @PathParam("uuid") String uuid,
            @HeaderParam(DeviceProofVerifier.HEADER) List<String> signatures,
            byte[] body) {
        var device = calls.require(uuid, signatures, "/sync", body);
        if (body == null) {
            throw ProtocolException.invalidRequest("Payload is required");
        }
        var request = JsonBodies.parse(body, SyncRequest.class);
        var status = Text.optional("status", request.status(), 32);
        var modules = request.checkedModules();
        if (request.consents() != null && request.consents() < 0) {
            throw ProtocolException.invalidRequest("consents must be 0 or more");
        }
        var reports = request.transactions() == null ? List.<TransactionReport>of() : request.transactions();
        TransactionReport.check(reports);
        var certificate = request.checkedCertificate();
        var maps = request.checkedMaps();
        int added = transactions.add(device, reports);
        devices.report(device, status, modules, request.consents());
        return Envelope.of(answer(device, added, certificate, maps));
    }

    private SyncAnswer answer(Device device, int added, String certificate, Optional<Set<DeviceMap.Held>> maps) {
        return new SyncAnswer(
                clock.instant().toString(),
                jittered(),
                added,
                known.allowedOrigins(device.organisation()),
                keys.current(),
                known.maps(device.organisation(), maps),
                certificates.unlessHeld(device, certificate).orElse(null),
                known.updates(device).orElse(null));
    }

    /** A fifth more or less, so that devices that start together do not stay together. */
    private int jittered() {
        int seconds = Math.toIntExact(interval.toSeconds());
        int fifth = seconds / 5;
        return seconds - fifth + entropy.secureRandom().nextInt(2 * fifth + 1);
    }
}

package org.countersign.ds.wiring;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.countersign.ds.configuration.DsConfiguration;
import org.countersign.ds.devices.DeviceAnswers;
import org.countersign.ds.devices.DeviceCalls;
import org.countersign.ds.devices.DeviceCertificates;
import org.countersign.ds.devices.DeviceProofVerifier;
import org.countersign.ds.devices.DeviceRegistrationResource;
import org.countersign.ds.devices.DevicesResource;
import org.countersign.ds.devices.DevicesTable;
import org.countersign.ds.devices.RegistrationKeys;
import org.countersign.ds.devices.RegistrationKeysResource;
import org.countersign.ds.devices.Registrations;
import org.countersign.ds.logs.DeviceLogsResource;
import org.countersign.ds.logs.LogBundles;
import org.countersign.ds.logs.LogBundlesResource;
import org.countersign.ds.sync.SyncResource;
import org.countersign.ds.sync.TrustedKeys;
import org.countersign.ds.sync.WhatDevicesMayKnow;
import org.countersign.ds.transactions.DeviceTransactionsResource;
import org.countersign.ds.transactions.Transactions;
import org.countersign.ds.transactions.TransactionsResource;
import org.countersign.server.wiring.ContextParts;

/** What devices call, put together. There is no logic in it. */
record Devices(Set<Object> components, List<Runnable> chores) {

    static final Map<Pattern, Long> BODY_LIMITS = Map.of(
            Pattern.compile("/v3/devices/[^/]+/(sync|transactions)"),
            (long) DeviceTransactionsResource.LARGEST,
            Pattern.compile("/v3/devices/[^/]+/logs"),
            (long) LogBundles.LARGEST);

    /** A device is online until it has missed two calls. */
    private static final int MISSED_CALLS = 2;

    /**
     * @param ownKeys the public keys that verify the service's own tokens, as JWKs
     * @param known what other parts of the service tell devices
     * @param releases what they are given: certificates, plug-ins
     */
    static Devices assemble(
            DsConfiguration configuration,
            ContextParts parts,
            Supplier<List<Map<String, Object>>> ownKeys,
            WhatDevicesMayKnow known,
            Releases releases) {
        var statements = parts.database().statements();
        var clock = parts.clock();
        var verifier = new DeviceProofVerifier(
                statements, clock, configuration.issuer(), parts.provider().es256());
        var calls = new DeviceCalls(statements, verifier);
        var keys = new RegistrationKeys(statements, parts.entropy(), clock);
        var registrations =
                new Registrations(parts.database(), calls, verifier, keys, parts.audit(), parts.metrics(), clock);
        var interval = configuration.sync().interval();
        var table = new DevicesTable(statements, clock, interval.multipliedBy(MISSED_CALLS));
        var transactions = new Transactions(statements, clock);
        var bundles = new LogBundles(statements, parts.entropy(), clock);
        var trusted = parts.closeLater(TrustedKeys.start(
                configuration.sync().trustedIssuers(),
                configuration.issuer(),
                ownKeys,
                parts.origin().context().deployed()));
        var certificates = new DeviceCertificates(releases.loopback(), statements, parts.audit());
        var retention = configuration.retention();
        return new Devices(
                Set.of(
                        new DeviceAnswers(clock),
                        new RegistrationKeysResource(keys, parts.audit()),
                        new DeviceRegistrationResource(registrations, calls, certificates, verifier, clock),
                        new DevicesResource(table, parts.audit()),
                        new SyncResource(
                                calls,
                                table,
                                transactions,
                                trusted,
                                known,
                                certificates,
                                interval,
                                clock,
                                parts.entropy()),
                        new DeviceTransactionsResource(calls, transactions),
                        new TransactionsResource(transactions),
                        new DeviceLogsResource(calls, bundles, parts.origin().temporaryFolder()),
                        new LogBundlesResource(bundles, parts.audit()),
                        releases.plugIns(calls)),
                List.of(
                        verifier::purge,
                        () -> transactions.purge(retention.transactions()),
                        () -> bundles.purge(retention.logs()),
                        () -> table.purge(retention.devices())));
    }
}

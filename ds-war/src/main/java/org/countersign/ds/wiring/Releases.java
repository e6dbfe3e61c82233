package org.countersign.ds.wiring;

import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.countersign.ds.applications.Admission;
import org.countersign.ds.certificates.LoopbackAuthority;
import org.countersign.ds.certificates.LoopbackAuthorityResource;
import org.countersign.ds.configuration.DsConfiguration;
import org.countersign.ds.consents.Consents;
import org.countersign.ds.consents.ConsentsResource;
import org.countersign.ds.devices.DeviceCalls;
import org.countersign.ds.files.FileStore;
import org.countersign.ds.files.Signing;
import org.countersign.ds.modules.Atrs;
import org.countersign.ds.modules.AtrsResource;
import org.countersign.ds.modules.CardsResource;
import org.countersign.ds.modules.DeviceMaps;
import org.countersign.ds.modules.DevicePlugInsResource;
import org.countersign.ds.modules.Modules;
import org.countersign.ds.modules.ModulesAdministrationResource;
import org.countersign.ds.modules.ModulesResource;
import org.countersign.ds.organisations.Organisations;
import org.countersign.ds.releases.DownloadsResource;
import org.countersign.ds.releases.InstallersResource;
import org.countersign.ds.releases.UpdateOffers;
import org.countersign.ds.releases.Versions;
import org.countersign.ds.releases.VersionsResource;
import org.countersign.server.keys.MasterSecret;
import org.countersign.server.persistence.Statements;
import org.countersign.server.web.ClientAddress;
import org.countersign.server.wiring.ContextParts;

/**
 * What agents are given: versions, modules, descriptions of cards, certificates, consents.
 *
 * @param offers updates, for synchronising devices
 * @param maps of modules and cards, for synchronising devices
 * @param modules with their plug-ins in {@code files}
 * @param loopback certificates, for registering and synchronising devices
 */
record Releases(
        UpdateOffers offers,
        DeviceMaps maps,
        Modules modules,
        FileStore files,
        LoopbackAuthority loopback,
        Set<Object> components,
        Map<Pattern, Long> bodyLimits,
        Runnable purging) {

    private static final Pattern UPLOADS =
            Pattern.compile("/admin/v1/(versions/[^/]+/installers/[^/]+|modules/[^/]+/plug-ins/[^/]+)");
    private static final Pattern ATR_LIST = Pattern.compile("/admin/v1/atrs/import");
    private static final long LONGEST_ATR_LIST = 8L << 20;

    static Releases of(
            DsConfiguration configuration,
            ContextParts parts,
            Organisations organisations,
            Signing signing,
            Admission admission,
            ClientAddress addresses) {
        var database = parts.database();
        var clock = parts.clock();
        var audit = parts.audit();
        var files = new FileStore(
                configuration.files().folder(), configuration.files().most(), parts.entropy(), clock);
        var versions = new Versions(database.sessions(), clock);
        var modules = new Modules(database, signing, configuration.issuer(), clock);
        var atrs = new Atrs(database, signing, configuration.issuer(), parts.entropy(), clock);
        var consents = new Consents(database.statements(), parts.entropy(), clock);
        var loopback = parts.closeLater(new LoopbackAuthority(
                database,
                organisations,
                configuration.loopback(),
                new MasterSecret(configuration.masterSecret()),
                parts.provider(),
                audit,
                parts.entropy(),
                clock));
        return new Releases(
                new UpdateOffers(versions, signing, configuration.issuer(), clock),
                new DeviceMaps(modules, atrs, clock),
                modules,
                files,
                loopback,
                Set.of(
                        new VersionsResource(versions, audit, clock),
                        new InstallersResource(versions, files, audit),
                        new DownloadsResource(versions, files),
                        new ModulesAdministrationResource(modules, files, organisations, audit, clock),
                        new ModulesResource(modules, files, admission, addresses),
                        new CardsResource(atrs, admission, addresses),
                        new AtrsResource(atrs, organisations, audit),
                        new ConsentsResource(consents, admission, addresses, audit),
                        new LoopbackAuthorityResource(loopback)),
                Map.of(UPLOADS, configuration.files().most(), ATR_LIST, LONGEST_ATR_LIST),
                () -> {
                    consents.purge();
                    files.purge(named(database.statements()));
                });
    }

    DevicePlugInsResource plugIns(DeviceCalls calls) {
        return new DevicePlugInsResource(calls, modules, files);
    }

    /** The chore. */
    void purge() {
        purging.run();
    }

    private static Set<String> named(Statements statements) {
        return statements
                .first(
                        "select coalesce(array_agg(sha256), array[]::text[])"
                                + " from (select sha256 from installer union select sha256 from plug_in) files",
                        statement -> {},
                        row -> Set.of((String[]) row.getArray(1).getArray()))
                .orElseThrow();
    }
}

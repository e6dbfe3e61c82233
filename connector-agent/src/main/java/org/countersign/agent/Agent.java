package org.countersign.agent;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.countersign.agent.consent.ConsentRoutes;
import org.countersign.agent.consent.ConsentStore;
import org.countersign.agent.consent.ConsentToken;
import org.countersign.agent.dialogs.Clipboard;
import org.countersign.agent.dialogs.Dialogs;
import org.countersign.agent.keys.DeviceKey;
import org.countersign.agent.keys.EncryptionKey;
import org.countersign.agent.keys.LoopbackCertificate;
import org.countersign.agent.keys.PrivateFolder;
import org.countersign.agent.link.Link;
import org.countersign.agent.link.LinkRoutes;
import org.countersign.agent.link.LinkSettings;
import org.countersign.agent.loopback.AllowedOrigins;
import org.countersign.agent.loopback.Gate;
import org.countersign.agent.loopback.HostNames;
import org.countersign.agent.loopback.LoopbackServer;
import org.countersign.agent.loopback.Route;
import org.countersign.agent.loopback.TokenCheck;
import org.countersign.agent.loopback.Workers;
import org.countersign.agent.modules.PaymentRoutes;
import org.countersign.agent.modules.Pins;
import org.countersign.agent.modules.TokenModules;
import org.countersign.agent.modules.TokenRoutes;
import org.countersign.agent.outgoing.Outgoing;
import org.countersign.agent.readers.AtrMap;
import org.countersign.agent.readers.ReaderRoutes;
import org.countersign.agent.readers.Readers;
import org.countersign.agent.settings.Setting;
import org.countersign.agent.settings.Settings;
import org.countersign.agent.transactions.TransactionQueue;
import org.countersign.agent.trust.CorrectedClock;
import org.countersign.agent.trust.Tokens;
import org.countersign.agent.trust.TrustedIssuers;
import org.countersign.core.configuration.ConfigurationException;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.wiring.Wiring;

/** A running agent: puts the parts together, opens the ports, and closes everything again. */
public final class Agent implements AutoCloseable {

    private static final int MOST_THREADS = 256;
    private static final int MOST_CONSENT_DAYS = 3_650;
    private static final int MOST_BULK_SECONDS = 3_600;

    private final LoopbackServer server;
    private final Readers readers;
    private final TokenModules modules;
    private final Optional<Link> link;
    private final CompletableFuture<?> keys;
    private final int https;
    private final OptionalInt http;

    private Agent(
            LoopbackServer server,
            Readers readers,
            TokenModules modules,
            Optional<Link> link,
            CompletableFuture<?> keys,
            int https,
            OptionalInt http) {
        this.server = server;
        this.readers = readers;
        this.modules = modules;
        this.link = link;
        this.keys = keys;
        this.https = https;
        this.http = http;
    }

    /**
     * Starts one.
     *
     * @throws ConfigurationException with everything that is wrong with the settings
     */
    @Wiring
    public static Agent start(Settings settings) {
        return start(settings, System.getenv(), Clock.systemUTC(), new Entropy(new SecureRandom()));
    }

    /**
     * @param environment says where the user's desktop is
     * @param machine its clock, which may be wrong
     */
    static Agent start(Settings settings, Map<String, String> environment, Clock machine, Entropy entropy) {
        // On a thread of its own: TLS and its certificate take as long as all the rest.
        var prepared = CompletableFuture.runAsync(LoopbackCertificate::prepare);
        var problems = settings.problems();
        var folder = PrivateFolder.open(Path.of(settings.text(Setting.DATA)));
        var hosts = HostNames.of(settings.list(Setting.HOST_NAMES), problems);
        var origins = AllowedOrigins.of(settings.list(Setting.ORIGINS), problems);
        var clock = new CorrectedClock(machine);
        var outgoing = new Outgoing(LinkSettings.anchors(settings), clock);
        var linkSettings = LinkSettings.of(settings);
        var issuers = TrustedIssuers.of(
                settings.list(Setting.TOKEN_ISSUERS), folder.folder("keys"), outgoing, clock, problems);
        var tokens =
                Tokens.of(issuers, settings.list(Setting.TOKEN_ALGORITHMS), clock, linkSettings.isPresent(), problems);
        TokenCheck check = settings.flag(Setting.TOKEN_REQUIRED) ? tokens : (token, origin) -> Optional.empty();
        var httpsPort = settings.port(Setting.PORT_HTTPS);
        if (httpsPort.isEmpty()) {
            problems.error(Setting.PORT_HTTPS.key(), "can not be off");
        }
        var httpPort = settings.port(Setting.PORT_HTTP);
        var workers = new Workers(settings.number(Setting.THREADS, 1, MOST_THREADS));
        boolean consentRequired = settings.flag(Setting.CONSENT_REQUIRED);
        int consentDays = settings.number(Setting.CONSENT_DAYS, 1, MOST_CONSENT_DAYS);
        var dialogs = Dialogs.of(settings, environment, workers, clock);
        boolean pinV3 = settings.flag(Setting.PIN_V3);
        boolean pinClear = settings.flag(Setting.PIN_CLEAR);
        int bulkSeconds = settings.number(Setting.PIN_BULK_SECONDS, 0, MOST_BULK_SECONDS);
        var natives = folder.folder("native").path();
        var modules = TokenModules.of(settings, natives, entropy);
        problems.throwIfAny("the settings");
        // JNA unpacks its native part there instead of a folder that all users share.
        System.setProperty("jna.tmpdir", natives.toString());

        // On a thread of its own: reading, proving and setting up TLS takes as long as all the rest.
        var certificate =
                CompletableFuture.supplyAsync(() -> LoopbackCertificate.open(folder, hosts.names(), entropy, machine));
        var tls = certificate.thenApplyAsync(LoopbackCertificate::context);
        var deviceKey = DeviceKey.open(folder, entropy);
        var encryptionKey = EncryptionKey.open(folder, entropy);
        var atrs = AtrMap.load(modules.names());
        var readers = new Readers(atrs, entropy);
        var transactions = TransactionQueue.open(folder.folder("transactions"), entropy, clock);
        var consents = ConsentStore.open(consentRequired, folder, clock, entropy);
        var link = linkSettings.map(service -> new Link(
                service,
                new Link.Parts(
                        folder,
                        outgoing,
                        clock,
                        machine,
                        issuers,
                        origins,
                        result(certificate),
                        atrs,
                        transactions,
                        entropy),
                new Link.Report(Information.version(), modules.names(), readers::isAvailable, consents::inForce)));
        var linkRoutes = new LinkRoutes(link, transactions, folder.path().resolve("logs"));
        var routes = new ArrayList<Route>(new ReaderRoutes(readers, atrs).routes());
        var information = new Information(readers, deviceKey, encryptionKey, List.copyOf(modules.names()), link);
        var pins = new Pins(encryptionKey, deviceKey, pinV3, pinClear);
        routes.addAll(new TokenRoutes(modules, readers, pins, Duration.ofSeconds(bulkSeconds), dialogs).routes());
        routes.addAll(new PaymentRoutes(modules, readers).routes());
        routes.addAll(information.routes());
        routes.addAll(linkRoutes.routes());
        var consentTokens = ConsentToken.open(folder, clock, entropy);
        routes.addAll(new ConsentRoutes(consents, consentTokens, dialogs, Clipboard.of(environment), clock, consentDays)
                .routes());
        var server = new LoopbackServer(
                new Gate(hosts, origins, check, consents, deviceKey, linkRoutes.noted(routes)), workers);
        try {
            var http = httpPort.isEmpty()
                    ? OptionalInt.empty()
                    : OptionalInt.of(server.listen(httpPort.getAsInt(), Optional.empty()));
            int https = server.listen(httpsPort.getAsInt(), Optional.of(result(tls)));
            information.opened(https, http);
            readers.start();
            link.ifPresent(Link::start);
            var keys = CompletableFuture.allOf(deviceKey.made(), encryptionKey.made());
            return new Agent(server, readers, modules, link, keys, https, http);
        } catch (RuntimeException failure) {
            server.close();
            throw failure;
        }
    }

    /** With its own exception, which says what is wrong. */
    private static <T> T result(CompletableFuture<T> begun) {
        try {
            return begun.join();
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
        }
    }

    public int httpsPort() {
        return https;
    }

    /** Nothing when HTTP is off. */
    public OptionalInt httpPort() {
        return http;
    }

    @Override
    public void close() {
        server.close();
        link.ifPresent(Link::close);
        readers.close();
        modules.close();
        // Nothing is written any more once it is closed.
        keys.exceptionally(notMade -> null).join();
    }
}

package org.countersign.server.wiring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.wiring.Wiring;
import org.countersign.server.audit.AnchorKey;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.audit.AuditSettings;
import org.countersign.server.audit.FileAnchor;
import org.countersign.server.health.HealthResource;
import org.countersign.server.health.Readiness;
import org.countersign.server.housekeeping.Housekeeping;
import org.countersign.server.keys.Argon2Cost;
import org.countersign.server.keys.SecretHash;
import org.countersign.server.keys.SignatureProvider;
import org.countersign.server.logging.ContextLogger;
import org.countersign.server.metrics.Metrics;
import org.countersign.server.metrics.MetricsResource;
import org.countersign.server.metrics.RequestMetrics;
import org.countersign.server.metrics.ServerMetrics;
import org.countersign.server.oauth.AccessToken;
import org.countersign.server.oauth.AccessTokens;
import org.countersign.server.oauth.BearerAuthentication;
import org.countersign.server.oauth.BrowserSessions;
import org.countersign.server.oauth.ClientSecrets;
import org.countersign.server.oauth.ClientSettings;
import org.countersign.server.oauth.OAuthClient;
import org.countersign.server.oauth.OAuthClients;
import org.countersign.server.oauth.OAuthClientsResource;
import org.countersign.server.oauth.OAuthResource;
import org.countersign.server.oauth.SeatGroups;
import org.countersign.server.oauth.TokenGrants;
import org.countersign.server.openapi.OpenApiResource;
import org.countersign.server.persistence.Database;
import org.countersign.server.tenancy.Drain;
import org.countersign.server.time.SynchronizedClock;
import org.countersign.server.web.AnswerHeaders;
import org.countersign.server.web.AuditedRequests;
import org.countersign.server.web.BodyLimit;
import org.countersign.server.web.ExceptionAnswers;
import org.countersign.server.web.FormBodies;
import org.countersign.server.web.JsonBodies;
import org.countersign.server.web.NoBody;

/**
 * What every context has, whatever its product: started once, in this order, for the {@link Assembly} to build on. Long,
 * because it is the one place that knows them all; there is no logic in it.
 */
@Wiring
public final class ContextParts {

    private static final System.Logger LOG = ContextLogger.of(ContextParts.class);
    private static final long MAX_BODY = 1 << 18;

    private final ContextOrigin origin;
    private final Closing closing;
    private final SynchronizedClock clock;
    private final Database database;
    private final SeatGroups seatGroups;
    private final Metrics metrics;
    private final SignatureProvider provider;
    private final AuditLog audit;
    private final OAuthClients clients;
    private final AccessTokens tokens;
    private final TokenGrants grants;

    private ContextParts(
            ContextOrigin origin, ContextSettings settings, SynchronizedClock clock, Product product, Closing closing) {
        this.origin = origin;
        this.closing = closing;
        this.clock = closing.later(clock);
        clock.start(origin.context().deployed());
        var mapped = new ArrayList<Class<?>>(List.of(OAuthClient.class, AccessToken.class));
        mapped.addAll(product.entities());
        database = closing.later(Database.open(settings.database(), List.of("server", product.name()), mapped));
        seatGroups = product.seatGroups().apply(database);
        metrics = new Metrics(origin.version());
        ServerMetrics.of(clock, metrics);
        ServerMetrics.of(database, metrics);
        provider = SignatureProvider.fastest(origin.temporaryFolder(), origin.entropy());
        audit = closing.later(audit(settings, product.anchorSecret()));
        ServerMetrics.of(audit, metrics);
        var secrets = new ClientSecrets(new SecretHash(Argon2Cost.DEFAULT, origin.entropy()), origin.entropy());
        clients = new OAuthClients(database.sessions(), secrets, clock, settings.tenants());
        ClientSettings.addMissing(settings.clients(), clients, origin.environment(), settings.source())
                .forEach(added -> {
                    audit.append(AuditEvent.success("client.created").detail("subject", added));
                    LOG.log(System.Logger.Level.INFO, "Client {0} was added from the configuration file", added);
                });
        tokens = new AccessTokens(database, origin.entropy(), clock, settings.tenants());
        grants = new TokenGrants(clients, tokens, database, seatGroups, origin.entropy(), clock, audit);
    }

    /**
     * Starts everything, or nothing: what was started before a failure is stopped again, the clock too.
     *
     */
    public static StartedContext start(
            ProductConfiguration configuration,
            ContextOrigin origin,
            SynchronizedClock clock,
            Product product,
            Assembly assembly) {
        var closing = new Closing();
        try {
            var parts = new ContextParts(origin, configuration.common(), clock, product, closing);
            return parts.started(configuration.common(), assembly);
        } catch (RuntimeException | Error failure) {
            closing.close();
            throw failure;
        }
    }

    private StartedContext started(ContextSettings settings, Assembly assembly) {
        var own = assembly.assemble(this);
        var drain = closing.later(Drain.watch(origin.configuration(), origin.context()));
        var checks = new LinkedHashMap<String, BooleanSupplier>();
        checks.put("database", database::isReachable);
        checks.put("migration", database::isMigrated);
        checks.put("audit", audit::available);
        checks.putAll(own.checks());
        var readiness = closing.later(new Readiness(checks));
        var chores = new ArrayList<Runnable>(List.of(tokens::purge, grants::purge));
        chores.addAll(own.chores());
        closing.later(new Housekeeping(origin.context().deployed(), chores, origin.entropy()));
        var bearer = new BearerAuthentication(tokens, own.sessions(), seatGroups);
        Set<Object> components = new HashSet<>(Arrays.asList(
                new ExceptionAnswers(origin.entropy(), own.errors()),
                new JsonBodies(),
                new FormBodies(),
                new BodyLimit(MAX_BODY, own.bodyLimits()),
                new NoBody(),
                new AnswerHeaders(),
                new AuditedRequests(audit),
                bearer,
                new RequestMetrics(metrics),
                new MetricsResource(metrics, settings.metrics(), bearer),
                new HealthResource(origin.context(), origin.version(), drain, readiness, clock::status),
                new OpenApiResource(ContextParts.class, "/openapi.json"),
                new OAuthResource(
                        clients, tokens, seatGroups, grants, audit, own.foreignClients(), own.audienceTokens()),
                new OAuthClientsResource(clients, audit)));
        components.addAll(own.components());
        return new StartedContext(components, drain, own.errors(), closing);
    }

    private AuditLog audit(ContextSettings settings, byte[] secret) {
        var key = AnchorKey.derive(secret).through(provider);
        try {
            Files.createDirectories(settings.anchorFolder());
            var anchor = FileAnchor.open(settings.anchorFolder(), key.publicKey());
            try {
                return AuditLog.start(
                        AuditSettings.of(NodeName.local(), origin.version()),
                        database.reserved(),
                        anchor,
                        key,
                        clock,
                        origin.entropy());
            } catch (RuntimeException failure) {
                anchor.close();
                throw failure;
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("The folder of the audit log's anchor can not be used", failure);
        }
    }

    /** To be stopped with the context. */
    public <T extends AutoCloseable> T closeLater(T part) {
        return closing.later(part);
    }

    public ContextOrigin origin() {
        return origin;
    }

    public Entropy entropy() {
        return origin.entropy();
    }

    /** NTP's time where it is configured. */
    public SynchronizedClock clock() {
        return clock;
    }

    public Database database() {
        return database;
    }

    public Metrics metrics() {
        return metrics;
    }

    public SignatureProvider provider() {
        return provider;
    }

    public AuditLog audit() {
        return audit;
    }

    /** The clients of the database. */
    public OAuthClients clients() {
        return clients;
    }

    /** Gives tokens to the clients of the database. */
    public TokenGrants grants() {
        return grants;
    }

    /** For resources that answer a bad token in their own way: without sessions of browsers. */
    public BearerAuthentication bearer() {
        return new BearerAuthentication(tokens, BrowserSessions.NONE, seatGroups);
    }

    /** Whom clients reach that are kept to groups of people. */
    public SeatGroups seatGroups() {
        return seatGroups;
    }
}

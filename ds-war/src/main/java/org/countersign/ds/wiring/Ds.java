package org.countersign.ds.wiring;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.countersign.ds.applications.Admission;
import org.countersign.ds.applications.ApiKeys;
import org.countersign.ds.applications.ApiKeysResource;
import org.countersign.ds.applications.Applications;
import org.countersign.ds.applications.ApplicationsResource;
import org.countersign.ds.applications.KnownOrigins;
import org.countersign.ds.configuration.DsConfiguration;
import org.countersign.ds.envelope.Challenges;
import org.countersign.ds.envelope.EnvelopeErrors;
import org.countersign.ds.organisations.Organisation;
import org.countersign.ds.organisations.Organisations;
import org.countersign.ds.organisations.OrganisationsResource;
import org.countersign.ds.pages.DemonstrationResource;
import org.countersign.ds.pages.SdkResource;
import org.countersign.ds.tokens.ApplicationClients;
import org.countersign.ds.tokens.ApplicationTokens;
import org.countersign.ds.tokens.DemonstrationTokensResource;
import org.countersign.ds.tokens.TokensResource;
import org.countersign.ds.tokens.WellKnownResource;
import org.countersign.server.issuing.JwksResource;
import org.countersign.server.issuing.PrivateKeys;
import org.countersign.server.issuing.SigningKeys;
import org.countersign.server.keys.Argon2Cost;
import org.countersign.server.keys.DatabaseWrappedKeys;
import org.countersign.server.keys.FactorSecrets;
import org.countersign.server.keys.MasterSecret;
import org.countersign.server.keys.SoftwareKeyVault;
import org.countersign.server.metrics.MeteredVault;
import org.countersign.server.oauth.AudienceTokens;
import org.countersign.server.signingkeys.SigningKeysResource;
import org.countersign.server.time.SynchronizedClock;
import org.countersign.server.web.ClientAddress;
import org.countersign.server.web.ForwardedCertificate;
import org.countersign.server.wiring.Assembly.Own;
import org.countersign.server.wiring.ConsoleParts;
import org.countersign.server.wiring.ContextOrigin;
import org.countersign.server.wiring.ContextParts;
import org.countersign.server.wiring.Product;
import org.countersign.server.wiring.StartedContext;

/**
 * A distribution service's own parts, put together once from the configuration. There is no logic in it.
 */
final class Ds {

    static final String PRODUCT = "ds";

    private Ds() {}

    static StartedContext start(DsConfiguration configuration, ContextOrigin origin, SynchronizedClock clock) {
        return ContextParts.start(
                configuration,
                origin,
                clock,
                new Product(PRODUCT, configuration.masterSecret(), List.of(Organisation.class)),
                parts -> assemble(configuration, parts));
    }

    private static Own assemble(DsConfiguration configuration, ContextParts parts) {
        var organisations = new Organisations(parts.database().sessions(), parts.entropy(), parts.clock());
        var keys = signingKeys(configuration, parts);
        var statements = parts.database().statements();
        var applications = new Applications(statements, parts.entropy(), parts.clock());
        var apiKeys = new ApiKeys(statements, parts.entropy(), parts.clock());
        var admission = new Admission(apiKeys, configuration.apiKeys(), parts.audit(), parts.metrics(), parts.clock());
        var addresses = new ClientAddress(configuration.trustedProxies());
        var tokens = new ApplicationTokens(
                keys,
                configuration.issuer(),
                configuration.tokens().validity(),
                parts.entropy(),
                parts.clock(),
                parts.metrics());
        var releases = Releases.of(configuration, parts, organisations, keys::sign, admission, addresses);
        var devices = Devices.assemble(
                configuration,
                parts,
                keys::publicJwks,
                new JoinedParts(new KnownOrigins(statements, parts.clock()), releases.offers(), releases.maps()),
                releases);
        var console = ConsoleParts.of(
                configuration.console(),
                List.of("applications.js", "console.js", "devices.js", "en.json", "es.json", "releases.js"),
                configuration.issuer(),
                parts,
                addresses);
        var components = new HashSet<>(releases.components());
        components.addAll(console.components());
        components.addAll(devices.components());
        components.addAll(Set.of(
                new OrganisationsResource(organisations, parts.audit()),
                new SigningKeysResource(keys),
                new ApplicationsResource(applications, organisations, parts.audit()),
                new ApiKeysResource(applications, apiKeys, parts.audit()),
                new TokensResource(tokens, admission, addresses),
                new JwksResource(keys),
                new WellKnownResource(keys, configuration.issuer()),
                new Challenges()));
        components.addAll(Set.of(
                new SdkResource(),
                new DemonstrationResource(),
                new DemonstrationTokensResource(tokens, applications, parts.audit(), configuration.issuer())));
        configuration
                .clientCertificateHeader()
                .ifPresent(header -> components.add(new ForwardedCertificate(header, addresses)));
        var chores = new ArrayList<Runnable>(List.of(keys::rotateWhenDue, keys::destroyRetired, releases::purge));
        chores.addAll(devices.chores());
        chores.addAll(console.chores());
        var bodyLimits = new HashMap<>(releases.bodyLimits());
        bodyLimits.putAll(Devices.BODY_LIMITS);
        return new Own(
                components,
                Map.of(),
                chores,
                new ApplicationsAsClients(new ApplicationClients(admission, tokens), addresses),
                AudienceTokens.NONE,
                new EnvelopeErrors(parts.clock()),
                console.sessions(),
                bodyLimits);
    }

    private static SigningKeys signingKeys(DsConfiguration configuration, ContextParts parts) {
        var master = new MasterSecret(configuration.masterSecret());
        var vault = new SoftwareKeyVault(
                new DatabaseWrappedKeys(parts.database().dataSource()), master, parts.provider(), parts.entropy());
        var metered = new MeteredVault.Factory(parts.metrics()).metered("software", vault);
        var privateKeys = new PrivateKeys(
                metered, new FactorSecrets(master, Argon2Cost.DEFAULT, parts.entropy()), parts.entropy());
        return parts.closeLater(
                SigningKeys.start(parts.database(), privateKeys, configuration.keys(), parts.audit(), parts.clock()));
    }
}

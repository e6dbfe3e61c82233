package org.countersign.wallet.wiring;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.countersign.server.issuing.ConnectorAudience;
import org.countersign.server.issuing.ConnectorTokens;
import org.countersign.server.issuing.JwksResource;
import org.countersign.server.issuing.PrivateKeys;
import org.countersign.server.issuing.SigningKeys;
import org.countersign.server.keys.Argon2Cost;
import org.countersign.server.keys.FactorSecrets;
import org.countersign.server.keys.MasterSecret;
import org.countersign.server.keys.SecretHash;
import org.countersign.server.oauth.ForeignClients;
import org.countersign.server.signingkeys.SigningKeysResource;
import org.countersign.server.time.SynchronizedClock;
import org.countersign.server.vaults.ConfiguredVaults;
import org.countersign.server.vaults.VaultChoice;
import org.countersign.server.web.ClientAddress;
import org.countersign.server.wiring.Assembly.Own;
import org.countersign.server.wiring.ConsoleParts;
import org.countersign.server.wiring.ContextOrigin;
import org.countersign.server.wiring.ContextParts;
import org.countersign.server.wiring.Product;
import org.countersign.server.wiring.StartedContext;
import org.countersign.wallet.assertions.AssertionVerifier;
import org.countersign.wallet.attestations.AttestationProofs;
import org.countersign.wallet.attestations.ChallengeHeader;
import org.countersign.wallet.attestations.ClientAttestations;
import org.countersign.wallet.certificates.KeyCertificatesResource;
import org.countersign.wallet.certificates.KeyChains;
import org.countersign.wallet.companies.CompanyDids;
import org.countersign.wallet.companies.CompanyKeys;
import org.countersign.wallet.companies.CompanyKeysResource;
import org.countersign.wallet.companies.CompanyVaults;
import org.countersign.wallet.companies.DidResource;
import org.countersign.wallet.companies.SignHash;
import org.countersign.wallet.companies.SignHashResource;
import org.countersign.wallet.compatibility.ShippedApp;
import org.countersign.wallet.compatibility.ShippedAppResource;
import org.countersign.wallet.configuration.WalletConfiguration;
import org.countersign.wallet.initialisation.InitialisationResource;
import org.countersign.wallet.initialisation.InitialiseWallet;
import org.countersign.wallet.initialisation.Invitations;
import org.countersign.wallet.initialisation.UpdateAttestationResource;
import org.countersign.wallet.initialisation.WalletAttestations;
import org.countersign.wallet.keyattestations.KeyAttestations;
import org.countersign.wallet.metadata.WellKnownResource;
import org.countersign.wallet.nonces.NonceResource;
import org.countersign.wallet.nonces.Nonces;
import org.countersign.wallet.organisations.Organisations;
import org.countersign.wallet.organisations.OrganisationsResource;
import org.countersign.wallet.pins.UpdatePinResource;
import org.countersign.wallet.profiles.ProfilePreviewResource;
import org.countersign.wallet.profiles.UpdateConfigurationResource;
import org.countersign.wallet.profiles.WalletConfigurations;
import org.countersign.wallet.proofs.ProofNonceHeader;
import org.countersign.wallet.proofs.ProofNonces;
import org.countersign.wallet.proofs.Proofs;
import org.countersign.wallet.scim.ScimDiscoveryResource;
import org.countersign.wallet.scim.ScimRefusals;
import org.countersign.wallet.scim.ScimUsers;
import org.countersign.wallet.scim.ScimUsersResource;
import org.countersign.wallet.statuslists.StatusLists;
import org.countersign.wallet.statuslists.StatusListsResource;
import org.countersign.wallet.tokens.AttestationGrant;
import org.countersign.wallet.tokens.IssueToken;
import org.countersign.wallet.tokens.TokenResource;
import org.countersign.wallet.tokens.WalletTokens;
import org.countersign.wallet.users.UserImportResource;
import org.countersign.wallet.users.Users;
import org.countersign.wallet.users.UsersResource;
import org.countersign.wallet.wallets.SealedPins;
import org.countersign.wallet.wallets.Wallets;

/** A wallet provider's own parts, put together once from the configuration. There is no logic in it. */
final class Wallet {

    static final String PRODUCT = "wallet";

    private Wallet() {}

    static StartedContext start(WalletConfiguration configuration, ContextOrigin origin, SynchronizedClock clock) {
        return ContextParts.start(
                configuration,
                origin,
                clock,
                new Product(PRODUCT, configuration.masterSecret(), List.of()),
                parts -> assemble(configuration, parts));
    }

    private static Own assemble(WalletConfiguration configuration, ContextParts parts) {
        var issuer = configuration.issuer();
        var statements = parts.database().statements();
        var clock = parts.clock();
        var entropy = parts.entropy();
        var audit = parts.audit();
        var es256 = parts.provider().es256();
        var master = new MasterSecret(configuration.masterSecret());
        var secrets = new FactorSecrets(master, Argon2Cost.DEFAULT, entropy);
        var passwords = new SecretHash(Argon2Cost.DEFAULT, entropy);
        var pins = new SealedPins(secrets);
        var vaults = ConfiguredVaults.open(configuration.vaults(), master, parts);
        var privateKeys = vaults.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, vault -> new PrivateKeys(vault.getValue(), secrets, entropy)));
        var keys = parts.closeLater(SigningKeys.start(
                parts.database(),
                privateKeys.get(VaultChoice.DATABASE.toString()),
                configuration.keys(),
                parts.audit(),
                parts.clock()));
        var settings = configuration.vaults();
        var companyKeys = new CompanyKeys(statements, new CompanyVaults(privateKeys, settings.farthest()), clock);
        companyKeys.warnOfMissingVaults();

        var dids = new CompanyDids(issuer);

        var assertions = new AssertionVerifier(issuer, clock, es256);
        var nonces = new Nonces(statements, configuration.noncesPerMinute(), entropy, clock);
        var proofNonces = configuration.proofNonces()
                ? Optional.of(new ProofNonces(master, clock))
                : Optional.<ProofNonces>empty();
        var proofs = new Proofs(statements, issuer, clock, es256, proofNonces);
        var tokens = new WalletTokens(statements, proofs, entropy, clock);
        var lists = new StatusLists(statements, keys, issuer, clock);
        var configurations = new WalletConfigurations(keys, issuer, clock);
        var wallets = new Wallets(statements, pins, audit, entropy);
        var clientAttestations = new ClientAttestations(keys, issuer, lists, WalletAttestations.VALIDITY, clock);
        var chains = new KeyChains(statements, WalletAttestations.VALIDITY, clock);
        var attestations = new WalletAttestations(keys, chains, issuer, lists, clientAttestations, entropy, clock);
        var keyAttestations = new KeyAttestations(configuration.keyAttestation(), clock);
        var invitations = new Invitations(parts.database(), passwords, pins, entropy, clock);
        var initialise = new InitialiseWallet(
                assertions, es256, nonces, invitations, keyAttestations, attestations, configurations, lists, audit);
        var issue = new IssueToken(
                assertions,
                new AttestationProofs(clientAttestations, issuer, clock, es256),
                nonces,
                proofs,
                wallets,
                tokens,
                audit);
        var shippedApp = configuration.compatibilityProfile()
                ? Optional.of(new ShippedApp(
                        new ShippedApp.Provider(
                                keys, attestations, lists, invitations, nonces, configurations, passwords),
                        statements,
                        es256,
                        audit,
                        entropy,
                        clock))
                : Optional.<ShippedApp>empty();
        var users = new Users(parts.database(), passwords, issuer, configuration.invitations(), entropy, clock);
        var directory = new ScimUsers(parts.database(), users, entropy, clock);
        var addresses = new ClientAddress(configuration.trustedProxies());
        var console = ConsoleParts.of(
                configuration.console(),
                List.of("console.js", "en.json", "es.json", "organisations.js", "users.js"),
                issuer,
                parts,
                addresses);
        var components = new HashSet<Object>(console.components());
        components.addAll(Set.of(
                new NonceResource(nonces, addresses),
                new ChallengeHeader(nonces, addresses),
                new InitialisationResource(initialise),
                new TokenResource(issue, shippedApp.map(AttestationGrant.class::cast)),
                new UpdateConfigurationResource(tokens, configurations),
                new UpdatePinResource(tokens, wallets, audit),
                new UpdateAttestationResource(tokens, wallets, keyAttestations, attestations, audit),
                new SignHashResource(tokens, new SignHash(companyKeys, audit)),
                new StatusListsResource(lists),
                new JwksResource(keys),
                new SigningKeysResource(keys),
                new KeyCertificatesResource(keys, chains, audit, clock),
                new WellKnownResource(issuer, configuration.compatibilityProfile()),
                new ProfilePreviewResource(configurations),
                new OrganisationsResource(
                        new Organisations(statements, entropy, clock),
                        !configuration.keyAttestation().isEmpty(),
                        configuration.compatibilityProfile(),
                        audit),
                new CompanyKeysResource(companyKeys, dids, audit),
                new DidResource(companyKeys, dids, nonces, addresses),
                new ScimUsersResource(directory, lists, audit, issuer),
                new ScimDiscoveryResource(directory, issuer),
                new UsersResource(users, lists, audit),
                new UserImportResource(users, audit)));
        shippedApp.map(app -> new ShippedAppResource(app, addresses)).ifPresent(components::add);
        proofNonces.map(ProofNonceHeader::new).ifPresent(components::add);
        var chores = new ArrayList<Runnable>(List.of(
                // first: the others may take long
                chains::read,
                keys::rotateWhenDue,
                keys::destroyRetired,
                chains::forgetRetired,
                companyKeys::destroyRevoked,
                nonces::purge,
                proofs::purge,
                tokens::purge,
                users::forgetRest));
        chores.addAll(console.chores());
        return new Own(
                components,
                Map.of(),
                chores,
                ForeignClients.NONE,
                new ConnectorAudience(new ConnectorTokens(keys, issuer, entropy, clock)),
                new ScimRefusals(),
                console.sessions(),
                Map.of());
    }
}

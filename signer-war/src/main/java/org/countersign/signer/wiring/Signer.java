package org.countersign.signer.wiring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.countersign.core.entropy.Entropy;
import org.countersign.server.audit.AnchorKey;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.audit.AuditSettings;
import org.countersign.server.audit.FileAnchor;
import org.countersign.server.health.HealthResource;
import org.countersign.server.housekeeping.Housekeeping;
import org.countersign.server.keys.Argon2Cost;
import org.countersign.server.keys.FactorSecrets;
import org.countersign.server.keys.MasterSecret;
import org.countersign.server.keys.SecretHash;
import org.countersign.server.keys.SignatureProvider;
import org.countersign.server.oauth.AccessToken;
import org.countersign.server.oauth.AccessTokens;
import org.countersign.server.oauth.BearerAuthentication;
import org.countersign.server.oauth.ClientSecrets;
import org.countersign.server.oauth.ClientSettings;
import org.countersign.server.oauth.OAuthClient;
import org.countersign.server.oauth.OAuthClients;
import org.countersign.server.oauth.OAuthClientsResource;
import org.countersign.server.oauth.OAuthResource;
import org.countersign.server.persistence.Database;
import org.countersign.server.tenancy.ContextName;
import org.countersign.server.web.AnswerHeaders;
import org.countersign.server.web.BodyLimit;
import org.countersign.server.web.ExceptionAnswers;
import org.countersign.server.web.JsonBodies;
import org.countersign.signer.activation.Activation;
import org.countersign.signer.activation.ActivationResource;
import org.countersign.signer.activation.Activations;
import org.countersign.signer.activation.AuthorizeCredential;
import org.countersign.signer.activation.SadTokens;
import org.countersign.signer.certificates.AddCertificate;
import org.countersign.signer.certificates.CertificatesResource;
import org.countersign.signer.certificates.StoredCertificates;
import org.countersign.signer.certificates.TenantTrust;
import org.countersign.signer.certificates.UsableCertificate;
import org.countersign.signer.configuration.SignerConfiguration;
import org.countersign.signer.credentials.CreateCredential;
import org.countersign.signer.credentials.Credential;
import org.countersign.signer.credentials.Credentials;
import org.countersign.signer.credentials.CredentialsResource;
import org.countersign.signer.credentials.DescribeCredential;
import org.countersign.signer.factors.ActivationAgreement;
import org.countersign.signer.factors.CheckFactors;
import org.countersign.signer.factors.FactorAttempts;
import org.countersign.signer.factors.FactorsResource;
import org.countersign.signer.factors.OtpEnrolment;
import org.countersign.signer.factors.SetFactors;
import org.countersign.signer.keypairs.GenerateKeyPair;
import org.countersign.signer.keypairs.KeyPairsResource;
import org.countersign.signer.signatures.SignHashes;
import org.countersign.signer.signatures.SignaturesResource;

/**
 * A started context: every part, put together once from the configuration. Long, because it is the one place that knows
 * them all; there is no logic in it.
 */
public final class Signer implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Signer.class.getName());
    private static final String OTP_ISSUER = "Countersign";
    private static final int MAX_BODY = 1 << 18;

    private final Set<Object> components;
    private final Deque<AutoCloseable> closing;

    private Signer(Set<Object> components, Deque<AutoCloseable> closing) {
        this.components = components;
        this.closing = closing;
    }

    /** Starts everything, or nothing: what was started before a failure is stopped again. */
    public static Signer start(
            SignerConfiguration configuration,
            ContextName context,
            String version,
            Map<String, String> environment,
            Path temporaryFolder,
            Clock clock,
            Entropy entropy) {
        configuration.warnings().forEach(warning -> LOG.log(System.Logger.Level.WARNING, "{0}", warning));
        var closing = new ArrayDeque<AutoCloseable>();
        try {
            var database = Database.open(
                    configuration.database(),
                    List.of("server", "signer"),
                    List.of(OAuthClient.class, AccessToken.class, Credential.class, Activation.class));
            closing.push(database);
            var provider = SignatureProvider.fastest(temporaryFolder, entropy);
            var audit = audit(configuration, version, database, provider, clock, entropy);
            closing.push(audit);
            return assemble(configuration, context, environment, provider, clock, entropy, database, audit, closing);
        } catch (RuntimeException failure) {
            close(closing);
            throw failure;
        }
    }

    private static Signer assemble(
            SignerConfiguration configuration,
            ContextName context,
            Map<String, String> environment,
            SignatureProvider provider,
            Clock clock,
            Entropy entropy,
            Database database,
            AuditLog audit,
            Deque<AutoCloseable> closing) {
        var sessions = database.sessions();
        var tenants = configuration.tenantNames();
        var authorizations = configuration.authorizations();

        var secrets = new ClientSecrets(new SecretHash(Argon2Cost.DEFAULT, entropy), entropy);
        var clients = new OAuthClients(sessions, secrets, clock, tenants);
        ClientSettings.addMissing(configuration.clients(), clients, environment, configuration.source())
                .forEach(added -> {
                    audit.append(AuditEvent.success("client.created").detail("subject", added));
                    LOG.log(System.Logger.Level.INFO, "Client {0} was added from the configuration file", added);
                });
        var tokens = new AccessTokens(sessions, entropy, clock, tenants);

        var master = new MasterSecret(configuration.secrets().masterSecret());
        var factorSecrets = new FactorSecrets(master, configuration.pinCost(), entropy);
        var vaults =
                VaultWiring.vaults(configuration, master, database.dataSource(), provider, clock, entropy, closing);
        var agreement = new ActivationAgreement(entropy);
        var credentials = new Credentials(sessions);
        var check = new CheckFactors(factorSecrets, agreement, clock);
        var throttle = configuration.throttle();
        var attempts = new FactorAttempts(sessions, clock, throttle.maxFailures(), throttle.window());
        var trust = new TenantTrust(configuration.tenants(), clock);
        var usable = new UsableCertificate(trust, configuration.validationBypass(), clock, audit);
        var activations = new Activations(sessions, clock);
        var sads = new SadTokens(configuration.secrets().sadKey(), clock);

        var create = new CreateCredential(credentials, authorizations, factorSecrets, agreement, entropy, clock, audit);
        var factors = new SetFactors(credentials, factorSecrets, agreement, check, attempts, entropy, audit);
        var generate = new GenerateKeyPair(credentials, vaults, agreement, entropy, audit);
        var add = new AddCertificate(credentials, trust, audit);
        var authorize = new AuthorizeCredential(
                sessions,
                credentials,
                authorizations,
                check,
                attempts,
                usable,
                sads,
                configuration.sadValidity(),
                entropy,
                clock,
                audit);
        var sign = new SignHashes(activations, sads, usable, vaults, audit);

        closing.push(new Housekeeping(context.deployed(), List.of(tokens::purge, activations::purge), entropy));
        return new Signer(
                Set.of(
                        new ExceptionAnswers(entropy),
                        new JsonBodies(),
                        new BodyLimit(MAX_BODY),
                        new AnswerHeaders(),
                        new BearerAuthentication(tokens),
                        new HealthResource(Map.of("database", database::isReachable, "audit", audit::available)),
                        new OAuthResource(clients, tokens, audit),
                        new OAuthClientsResource(clients, audit),
                        new CredentialsResource(
                                credentials, authorizations, create, new DescribeCredential(clock), audit),
                        new FactorsResource(credentials, authorizations, factors, new OtpEnrolment(OTP_ISSUER)),
                        new KeyPairsResource(credentials, authorizations, generate),
                        new CertificatesResource(credentials, authorizations, add, new StoredCertificates(sessions)),
                        new ActivationResource(authorize),
                        new SignaturesResource(sign)),
                closing);
    }

    private static AuditLog audit(
            SignerConfiguration configuration,
            String version,
            Database database,
            SignatureProvider provider,
            Clock clock,
            Entropy entropy) {
        var key = AnchorKey.derive(configuration.secrets().sadKey()).through(provider);
        try {
            Files.createDirectories(configuration.anchorFolder());
            var anchor = FileAnchor.open(configuration.anchorFolder(), key.publicKey());
            return AuditLog.start(
                    AuditSettings.of(NodeName.local(), version), database.reserved(), anchor, key, clock, entropy);
        } catch (IOException failure) {
            throw new UncheckedIOException("The folder of the audit log's anchor can not be used", failure);
        }
    }

    /** Resources and providers, for the {@link SignerApplication}. */
    public Set<Object> components() {
        return components;
    }

    @Override
    public void close() {
        close(closing);
    }

    private static void close(Deque<AutoCloseable> closing) {
        for (AutoCloseable part : new ArrayList<>(closing)) {
            try {
                part.close();
            } catch (Exception failure) {
                LOG.log(System.Logger.Level.WARNING, "A part of the context did not stop cleanly", failure);
            }
        }
        closing.clear();
    }
}

package org.countersign.signer.wiring;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.countersign.server.console.AuditTrail;
import org.countersign.server.keys.FactorSecrets;
import org.countersign.server.keys.MasterSecret;
import org.countersign.server.keys.MessageCodes;
import org.countersign.server.oauth.AudienceTokens;
import org.countersign.server.oauth.ForeignClients;
import org.countersign.server.time.SynchronizedClock;
import org.countersign.server.vaults.ConfiguredVaults;
import org.countersign.server.web.ClientAddress;
import org.countersign.server.web.ErrorForm;
import org.countersign.server.wiring.Assembly.Own;
import org.countersign.server.wiring.ContextOrigin;
import org.countersign.server.wiring.ContextParts;
import org.countersign.server.wiring.Product;
import org.countersign.server.wiring.StartedContext;
import org.countersign.signer.activation.Activation;
import org.countersign.signer.activation.ActivationResource;
import org.countersign.signer.activation.Activations;
import org.countersign.signer.activation.AnswerApproval;
import org.countersign.signer.activation.Approvals;
import org.countersign.signer.activation.ApprovalsResource;
import org.countersign.signer.activation.AskForApproval;
import org.countersign.signer.activation.AuthorizeCredential;
import org.countersign.signer.activation.CheckAuthorization;
import org.countersign.signer.activation.ExtendAuthorization;
import org.countersign.signer.activation.SadTokens;
import org.countersign.signer.acts.ActedCredentials;
import org.countersign.signer.acts.ActsResource;
import org.countersign.signer.acts.AdministratorsAct;
import org.countersign.signer.acts.ChangePin;
import org.countersign.signer.acts.CondemnedKeys;
import org.countersign.signer.acts.DeleteCredential;
import org.countersign.signer.acts.DestroyKeys;
import org.countersign.signer.acts.HoldersAct;
import org.countersign.signer.acts.RenewCredential;
import org.countersign.signer.acts.RenewalResource;
import org.countersign.signer.acts.Renewals;
import org.countersign.signer.acts.ReplaceOtp;
import org.countersign.signer.acts.RevokeCredential;
import org.countersign.signer.acts.SuspendCredential;
import org.countersign.signer.ades.RevocationSources;
import org.countersign.signer.ades.Stamps;
import org.countersign.signer.ades.Trust;
import org.countersign.signer.certificates.AddCertificate;
import org.countersign.signer.certificates.CertificatesResource;
import org.countersign.signer.certificates.StoredCertificates;
import org.countersign.signer.certificates.TenantTrust;
import org.countersign.signer.certificates.UsableCertificate;
import org.countersign.signer.certificates.WarnOfExpiry;
import org.countersign.signer.configuration.SignerConfiguration;
import org.countersign.signer.configuration.TenantSettings;
import org.countersign.signer.credentials.CreateCredential;
import org.countersign.signer.credentials.Credential;
import org.countersign.signer.credentials.Credentials;
import org.countersign.signer.credentials.CredentialsResource;
import org.countersign.signer.credentials.DescribeCredential;
import org.countersign.signer.csc.CscAuthResource;
import org.countersign.signer.csc.CscCredentialsResource;
import org.countersign.signer.csc.CscGate;
import org.countersign.signer.csc.CscInfoResource;
import org.countersign.signer.csc.CscSignaturesResource;
import org.countersign.signer.csc.CscTimestamps;
import org.countersign.signer.csc.CscV2AuthResource;
import org.countersign.signer.csc.CscV2CreationResource;
import org.countersign.signer.csc.CscV2CredentialsResource;
import org.countersign.signer.csc.CscV2InfoResource;
import org.countersign.signer.csc.CscV2SignaturesResource;
import org.countersign.signer.documents.DocumentsResource;
import org.countersign.signer.documents.SignDocuments;
import org.countersign.signer.documents.Uploads;
import org.countersign.signer.enrolment.CreateCertified;
import org.countersign.signer.enrolment.EnrolCertificate;
import org.countersign.signer.enrolment.EnrolmentResource;
import org.countersign.signer.enrolment.EstServer;
import org.countersign.signer.factors.ActivationAgreement;
import org.countersign.signer.factors.CheckFactors;
import org.countersign.signer.factors.FactorAttempts;
import org.countersign.signer.factors.FactorRefusals;
import org.countersign.signer.factors.FactorsResource;
import org.countersign.signer.factors.OtpEnrolment;
import org.countersign.signer.factors.SendCode;
import org.countersign.signer.factors.SentCodes;
import org.countersign.signer.factors.SetFactors;
import org.countersign.signer.gateway.Gateway;
import org.countersign.signer.keypairs.GenerateKeyPair;
import org.countersign.signer.keypairs.KeyPairsResource;
import org.countersign.signer.keypairs.MakeKeyPair;
import org.countersign.signer.keypairs.Vaults;
import org.countersign.signer.seats.Groups;
import org.countersign.signer.seats.GroupsResource;
import org.countersign.signer.seats.Seats;
import org.countersign.signer.seats.SeatsResource;
import org.countersign.signer.signatures.SignHashes;
import org.countersign.signer.signatures.SignaturesResource;
import org.countersign.signer.timestamps.GiveTimestamp;
import org.countersign.signer.timestamps.TimestampAuthority;
import org.countersign.signer.validation.ValidateDocument;
import org.countersign.signer.validation.ValidationResource;
import org.countersign.signer.wizard.DescribeToHolder;
import org.countersign.signer.wizard.HolderResource;

/**
 * A signer's own parts, put together once from the configuration. Long, because it is the one place that knows them all;
 * there is no logic in it.
 */
final class Signer {

    static final String PRODUCT = "signer";

    private static final String OTP_ISSUER = "Countersign";

    private static final Pattern DOCUMENTS = Pattern.compile("/api/v1/(documents/(digest|sign)|validate(/page)?)");
    /** What a form needs besides its documents. */
    private static final long FORM = 100_000;

    /** Documents in JSON, which are held in memory. */
    private static final Pattern SIGN_DOC = Pattern.compile("/csc/v2/signatures/signDoc");

    private static final long LONGEST_SIGN_DOC = 14_000_000;

    private Signer() {}

    static StartedContext start(SignerConfiguration configuration, ContextOrigin origin, SynchronizedClock clock) {
        return ContextParts.start(
                configuration,
                origin,
                clock,
                new Product(
                        PRODUCT,
                        configuration.secrets().sadKey(),
                        List.of(Credential.class, Activation.class),
                        Seats::new),
                parts -> assemble(configuration, parts));
    }

    private static Own assemble(SignerConfiguration configuration, ContextParts parts) {
        var database = parts.database();
        var clock = parts.clock();
        var statements = database.statements();
        var entropy = parts.entropy();
        var audit = parts.audit();
        var metrics = parts.metrics();
        var authorizations = configuration.authorizations();

        var master = new MasterSecret(configuration.secrets().masterSecret());
        var factorSecrets = new FactorSecrets(master, configuration.pinCost(), entropy);
        var vaults = vaults(configuration, master, parts);
        var agreement = new ActivationAgreement(entropy);
        var credentials = new Credentials(database, parts.seatGroups());
        var check = new CheckFactors(factorSecrets, agreement, clock);
        var throttle = configuration.throttle();
        var attempts = new FactorAttempts(database, clock, throttle.maxFailures(), throttle.window());
        var refusals = new FactorRefusals(attempts, audit);
        var trust = new TenantTrust(configuration.tenants(), clock);
        var usable = new UsableCertificate(trust, configuration.validationBypass(), clock, audit);
        var activations = new Activations(database, clock);
        var sads = new SadTokens(configuration.secrets().sadKey(), entropy, clock);

        var create = new CreateCredential(
                credentials, parts.seatGroups(), authorizations, factorSecrets, agreement, entropy, clock, audit);
        var factors = new SetFactors(credentials, factorSecrets, agreement, check, refusals, entropy, audit);
        var keyPairs = new MakeKeyPair(vaults, agreement, entropy);
        var generate = new GenerateKeyPair(credentials, keyPairs, audit);
        var add = new AddCertificate(credentials, trust, audit);
        var handles = SadTokens.handles(configuration.secrets().sadKey(), entropy, clock);
        var approvals = new Approvals(
                database,
                new MessageCodes(new MasterSecret(configuration.secrets().sadKey()), "answers of holders"),
                clock);
        var gateway = configuration.gateway().map(Gateway::new);
        var activated = metrics.counter("countersign_activations", "Authorizations given", "configuration");
        var codes = configuration.codes();
        var send = new SendCode(
                gateway,
                codes,
                new SentCodes(database, clock, codes.pause(), codes.perHour()),
                credentials,
                authorizations,
                factorSecrets,
                refusals,
                entropy,
                clock,
                audit);
        var authorize = new AuthorizeCredential(
                activations,
                gateway.map(
                        own -> new AskForApproval(approvals, own, handles, configuration.sadValidity(), clock, audit)),
                credentials,
                authorizations,
                check,
                attempts,
                refusals,
                usable,
                sads,
                configuration.sadValidity(),
                entropy,
                clock,
                audit,
                activated);
        var checkAuthorization = new CheckAuthorization(
                approvals,
                handles,
                sads,
                credentials,
                authorizations,
                refusals,
                usable,
                configuration.sadValidity(),
                clock,
                audit,
                activated);
        var sign = new SignHashes(
                activations,
                sads,
                authorizations,
                usable,
                vaults,
                audit,
                metrics.counter("countersign_signatures", "Signatures that left", "key", "algorithm"));

        var act = new HoldersAct(credentials, authorizations, check, attempts, refusals);
        var administrators = new AdministratorsAct(credentials, audit);
        var acted = new ActedCredentials(database, clock);
        var condemned = new CondemnedKeys(database, clock);
        var destroy = new DestroyKeys(condemned, vaults, audit);
        var delete = new DeleteCredential(act, administrators, condemned, destroy, audit);
        var acts = new ActsResource(
                new ChangePin(act, acted, factorSecrets, audit),
                new ReplaceOtp(act, acted, factorSecrets, check, attempts, refusals, entropy, clock, audit),
                new OtpEnrolment(OTP_ISSUER),
                new SuspendCredential(act, administrators, acted, audit),
                new RevokeCredential(act, administrators, acted, audit),
                delete);

        var renew = new RenewCredential(
                act, new Renewals(database, clock), credentials, keyPairs, agreement, trust, refusals, destroy, audit);

        var enrolling = new HashMap<String, EstServer>();
        configuration
                .tenants()
                .forEach((name, tenant) ->
                        tenant.enrolment().ifPresent(settings -> enrolling.put(name, new EstServer(settings, clock))));

        var enrol = new EnrolCertificate(enrolling, add, renew, audit);
        var certified = configuration
                .csc()
                .creation()
                .map(settings -> new CreateCertified(
                        settings, create, factors, generate, enrol, delete, credentials, authorizations));

        var connector = configuration.connector().map(settings -> Connector.start(settings, master, parts));
        var describe = new DescribeCredential(clock);
        var extend = new ExtendAuthorization(
                activations, sads, authorizations, configuration.sadValidity(), entropy, clock, audit);
        var gate = new CscGate(parts.bearer());
        var authority = configuration.timestampAuthority().map(settings -> new TimestampAuthority(settings, entropy));
        var giving = authority.map(stamping -> new GiveTimestamp(stamping, audit));
        var timestamps = new CscTimestamps(giving);
        var documents = configuration.documents();
        var uploads = new Uploads(
                parts.origin().temporaryFolder().resolve("uploads"), documents.longest(), documents.atOnce());
        var lists = Optional.of(documents.revocationAddresses())
                .filter(addresses -> !addresses.isEmpty())
                .map(addresses -> new RevocationSources(addresses, entropy, clock));
        var trusting =
                new Trust(configuration.judgesBy(configuration.tenants().keySet()), configuration.stampedBy(), lists);
        var signDocuments = new SignDocuments(
                credentials, sign, trusting, giving.map(give -> caller -> new Stamps(give, caller)), clock);
        var tenants = configuration.tenants().keySet();
        var components = new HashSet<Object>(List.of(
                acts,
                new RenewalResource(renew, credentials, authorizations),
                new EnrolmentResource(enrol, credentials, authorizations),
                new CredentialsResource(credentials, authorizations, create, describe, audit),
                new FactorsResource(credentials, authorizations, factors, new OtpEnrolment(OTP_ISSUER), send),
                new SeatsResource(tenants, new Seats(database), clock, audit),
                new GroupsResource(tenants, new Groups(database), clock, audit),
                new KeyPairsResource(credentials, authorizations, generate),
                new CertificatesResource(credentials, authorizations, add, new StoredCertificates(statements)),
                new ActivationResource(authorize, checkAuthorization),
                new ApprovalsResource(
                        gateway,
                        new AnswerApproval(
                                approvals, attempts, authorizations, configuration.sadValidity(), clock, audit),
                        audit),
                new SignaturesResource(sign),
                new DocumentsResource(uploads, signDocuments),
                new ValidationResource(
                        uploads,
                        judging -> new ValidateDocument(
                                new Trust(configuration.judgesBy(judging), configuration.stampedBy(), lists), clock)),
                new CscInfoResource(configuration.csc(), timestamps, send),
                new CscAuthResource(parts.grants(), gate),
                new CscCredentialsResource(gate, credentials, authorizations, describe, authorize, extend, send),
                new CscSignaturesResource(gate, sign, credentials, authorizations, timestamps),
                new CscV2InfoResource(configuration.csc(), timestamps, send, signDocuments.levels()),
                new CscV2AuthResource(parts.grants(), gate),
                new CscV2CredentialsResource(
                        gate,
                        credentials,
                        authorizations,
                        describe,
                        usable,
                        authorize,
                        checkAuthorization,
                        extend,
                        send),
                new CscV2CreationResource(gate, credentials, authorizations, describe, certified, delete),
                new CscV2SignaturesResource(gate, sign, signDocuments, uploads, credentials, timestamps)));
        connector.ifPresent(tokens -> components.add(tokens.jwks()));
        var wizard = Wizard.of(configuration.wizard(), parts, new ClientAddress(configuration.trustedProxies()));
        components.addAll(wizard.components());
        components.add(new HolderResource(
                credentials,
                authorizations,
                new DescribeToHolder(enrolling.keySet(), configuration.expiryWarning(), clock),
                new AuditTrail(statements)));
        var chores = new ArrayList<Runnable>(List.of(
                activations::purge,
                approvals::purge,
                destroy::again,
                new WarnOfExpiry(statements, configuration.expiryWarning(), clock, audit)::warn));
        connector.ifPresent(tokens -> chores.addAll(tokens.chores()));
        chores.addAll(wizard.chores());
        return new Own(
                components,
                Map.of("keys", vaults::areUsable),
                chores,
                ForeignClients.NONE,
                connector.map(Connector::tokens).orElse(AudienceTokens.NONE),
                ErrorForm.OAUTH2,
                wizard.sessions(),
                Map.of(DOCUMENTS, 2 * documents.longest() + FORM, SIGN_DOC, LONGEST_SIGN_DOC));
    }

    private static Vaults vaults(SignerConfiguration configuration, MasterSecret master, ContextParts parts) {
        var settings = configuration.vaults();
        return new Vaults(
                ConfiguredVaults.open(settings, master, parts),
                configuration.tenants().values().stream()
                        .collect(Collectors.toMap(TenantSettings::name, tenant -> settings.name(tenant.newKeys()))));
    }
}

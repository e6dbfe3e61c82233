package org.countersign.signer.configuration;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.countersign.core.configuration.ConfigurationException;
import org.countersign.core.configuration.JsonConfiguration;
import org.countersign.core.configuration.Problems;
import org.countersign.server.issuing.ConnectorSettings;
import org.countersign.server.keys.Argon2Cost;
import org.countersign.server.tenancy.ContextName;
import org.countersign.server.vaults.VaultChoice;
import org.countersign.server.vaults.VaultSettings;
import org.countersign.server.web.AddressRange;
import org.countersign.server.web.AddressRanges;
import org.countersign.server.wiring.ContextSettings;
import org.countersign.server.wiring.ProductConfiguration;
import org.countersign.signer.factors.Factor;
import org.countersign.signer.gateway.GatewaySettings;

/**
 * Everything a context's file says, checked.
 *
 * @param common what every product's file says
 * @param vaults where keys are
 * @param validationBypass whether a demonstration tenant's credential may sign with an expired or unverifiable chain
 * @param sadValidity how long a SAD lives
 * @param expiryWarning how long before a certificate's end it is warned of; zero never
 * @param connector tokens for local agents
 * @param csc what clients of the Cloud Signature Consortium's API are told of the service
 * @param timestampAuthority who is asked for time stamps
 * @param gateway that reaches holders' devices
 * @param codes that it takes to holders
 * @param documents what is taken to be signed, and to be judged
 * @param wizard the holders' page
 * @param trustedProxies whose word on where a request comes from counts
 * @param warnings to be logged
 */
public record SignerConfiguration(
        ContextSettings common,
        Map<String, TenantSettings> tenants,
        AuthorizationConfigurations authorizations,
        VaultSettings vaults,
        SecretKeys secrets,
        Argon2Cost pinCost,
        ThrottleSettings throttle,
        boolean validationBypass,
        Duration sadValidity,
        Duration expiryWarning,
        Optional<ConnectorSettings> connector,
        CscSettings csc,
        Optional<TimestampSettings> timestampAuthority,
        Optional<GatewaySettings> gateway,
        CodeSettings codes,
        DocumentSettings documents,
        Optional<WizardSettings> wizard,
        List<AddressRange> trustedProxies,
        List<String> warnings)
        implements ProductConfiguration {

    private static final int DEFAULT_SAD_SECONDS = 300;
    private static final int DEFAULT_OPEN_KEY_SECONDS = 30;
    private static final int DEFAULT_WARNING_DAYS = 30;

    public SignerConfiguration {
        tenants = Map.copyOf(tenants);
        trustedProxies = List.copyOf(trustedProxies);
        warnings = List.copyOf(warnings);
    }

    /**
     * Where the chains of signatures may end that are judged.
     *
     * @param by the tenants that ask; what others trust is no matter to them
     */
    public Set<X509Certificate> judgesBy(Set<String> by) {
        var anchors = new HashSet<>(documents.trustAnchors().certificates());
        by.stream()
                .map(tenants::get)
                .filter(Objects::nonNull)
                .forEach(tenant -> tenant.trustAnchors().ifPresent(own -> anchors.addAll(own.certificates())));
        return anchors;
    }

    /** Where the chains of time stamps may end, besides. */
    public Set<X509Certificate> stampedBy() {
        return timestampAuthority
                .map(authority -> Set.copyOf(authority.trustAnchors().certificates()))
                .orElse(Set.of());
    }

    /**
     * For the server, which is about to start the context: tries its log files too.
     *
     * @throws ConfigurationException with every error of the file in one message
     */
    public static SignerConfiguration read(Path path, ContextName context, Map<String, String> environment) {
        return read(path, context, environment, true);
    }

    /**
     * For who only wants to know, beside a server that may be running: touches nothing but the file.
     *
     * @throws ConfigurationException with every error of the file in one message
     */
    public static SignerConfiguration inspect(Path path, ContextName context, Map<String, String> environment) {
        return read(path, context, environment, false);
    }

    private static SignerConfiguration read(
            Path path, ContextName context, Map<String, String> environment, boolean trial) {
        var problems = new Problems();
        var file = JsonConfiguration.read(path, problems);
        var tenants = TenantSettings.read(file, environment);
        var names = tenants.stream().map(TenantSettings::name).collect(Collectors.toSet());
        var authorizations = AuthorizationConfigurations.read(file);
        var common = ContextSettings.read(file, path, context, environment, names, trial);
        var secrets = SecretKeys.read(file, context, environment);
        int openKeySeconds = file.number("openKeysInSeconds", DEFAULT_OPEN_KEY_SECONDS, 0, 3_600);
        var vaults = VaultSettings.read(
                file, path, environment, Duration.ofSeconds(openKeySeconds), SecretKeys.MASTER_SECRET_KEY);
        if (vaults.hsm().isEmpty() && tenants.stream().anyMatch(tenant -> tenant.newKeys() == VaultChoice.HSM)) {
            problems.error("hsm", "is required, a tenant's defaultWebCertificateType being HSMWebCertificate");
        }
        var pin = file.object("pinDerivation");
        var cost = new Argon2Cost(
                pin.number("memoryKiB", Argon2Cost.DEFAULT.memoryKib(), 1_024, 1_048_576),
                pin.number("iterations", Argon2Cost.DEFAULT.iterations(), 1, 100));
        pin.refuseUnknownKeys();
        var throttle = ThrottleSettings.read(file.object("clientThrottle"));
        boolean bypass = file.flag("enableCredentialValidationBypass", false);
        if (bypass && tenants.stream().noneMatch(TenantSettings::demonstration)) {
            problems.error("enableCredentialValidationBypass", "is for demonstration tenants, and there is none");
        }
        int sadSeconds = file.number("sadValidityInSeconds", DEFAULT_SAD_SECONDS, 10, 3_600);
        int warningDays = file.number("certificateExpiryWarningInDays", DEFAULT_WARNING_DAYS, 0, 365);
        var connector = ConnectorSettings.read(file.object("connectorTokens"), environment);
        var csc = CscSettings.read(file.object("csc"), authorizations);
        if (csc.creation().isPresent()
                && tenants.stream().allMatch(tenant -> tenant.enrolment().isEmpty())) {
            problems.error("csc.creation", "is for tenants with an enrolment, and there is none");
        }
        var timestampAuthority = TimestampSettings.read(file, environment);
        boolean push = authorizations.all().stream().anyMatch(configuration -> configuration.asksFor(Factor.PUSH));
        var gateway = GatewaySettings.read(file, environment, push);
        if (push && gateway.isEmpty()) {
            problems.error("didProperties", "is required, a configuration's factors having PUSH");
        }
        if (gateway.isEmpty() && authorizations.anySendsCodes()) {
            problems.error("didProperties", "is required, a configuration's otpDelivery being gateway");
        }
        var codes = CodeSettings.read(file.object("oneTimeCodes"));
        var documents = DocumentSettings.read(file.object("documents"));
        var wizard = WizardSettings.read(file.object("wizard"), environment, names);
        var trustedProxies = AddressRanges.read(file, "trustedProxies", List.of());
        file.refuseUnknownKeys();
        problems.throwIfAny(path.toString());
        if (bypass) {
            problems.warning(
                    "enableCredentialValidationBypass", "is on: demonstration tenants sign with invalid certificates");
        }
        return new SignerConfiguration(
                common,
                tenants.stream().collect(Collectors.toMap(TenantSettings::name, tenant -> tenant)),
                authorizations,
                vaults,
                secrets,
                cost,
                throttle,
                bypass,
                Duration.ofSeconds(sadSeconds),
                Duration.ofDays(warningDays),
                connector,
                csc,
                timestampAuthority,
                gateway,
                codes,
                documents,
                wizard,
                trustedProxies,
                problems.warnings());
    }
}

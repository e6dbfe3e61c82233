package org.countersign.signer.configuration;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.countersign.core.configuration.ConfigurationException;
import org.countersign.core.configuration.JsonConfiguration;
import org.countersign.core.configuration.Problems;
import org.countersign.server.keys.Argon2Cost;
import org.countersign.server.oauth.ClientSettings;
import org.countersign.server.persistence.DatabaseSettings;
import org.countersign.server.tenancy.ContextName;

/**
 * Everything a context's file says, checked.
 *
 * @param source the file, for messages
 * @param validationBypass whether a demonstration tenant's credential may sign with an expired or unverifiable chain
 * @param sadValidity how long a SAD lives
 * @param openKeys how long a software key stays open in memory after its last use; zero closes it at once
 * @param anchorFolder where the audit log's signed heads go
 * @param warnings to be logged
 */
public record SignerConfiguration(
        String source,
        DatabaseSettings database,
        Map<String, TenantSettings> tenants,
        AuthorizationConfigurations authorizations,
        List<ClientSettings> clients,
        Optional<HsmSettings> hsm,
        SecretKeys secrets,
        Argon2Cost pinCost,
        ThrottleSettings throttle,
        boolean validationBypass,
        Duration sadValidity,
        Duration openKeys,
        Path anchorFolder,
        List<String> warnings) {

    private static final int DEFAULT_SAD_SECONDS = 300;
    private static final int DEFAULT_OPEN_KEY_SECONDS = 30;

    public SignerConfiguration {
        tenants = Map.copyOf(tenants);
        warnings = List.copyOf(warnings);
    }

    /** @throws ConfigurationException with every error of the file in one message */
    public static SignerConfiguration read(Path path, ContextName context, Map<String, String> environment) {
        var problems = new Problems();
        var file = JsonConfiguration.read(path, problems);
        var database = DatabaseSettings.read(file, environment);
        var tenants = TenantSettings.read(file);
        var names = tenants.stream().map(TenantSettings::name).collect(Collectors.toSet());
        var authorizations = AuthorizationConfigurations.read(file);
        var clients = ClientSettings.read(file, names);
        var secrets = SecretKeys.read(file, context, environment);
        var hsm = HsmSettings.read(file, path);
        if (hsm.isEmpty() && tenants.stream().anyMatch(tenant -> tenant.newKeys() == VaultChoice.HSM)) {
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
        int openKeySeconds = file.number("openKeysInSeconds", DEFAULT_OPEN_KEY_SECONDS, 0, 3_600);
        var audit = file.object("audit");
        var anchors = path.resolveSibling(audit.text("anchorFolder").orElse("audit-anchor"))
                .resolve(context.company())
                .normalize();
        audit.refuseUnknownKeys();
        comesLater(file, problems);
        file.refuseUnknownKeys();
        problems.throwIfAny(path.toString());
        if (bypass) {
            problems.warning(
                    "enableCredentialValidationBypass", "is on: demonstration tenants sign with invalid certificates");
        }
        return new SignerConfiguration(
                path.toString(),
                database,
                tenants.stream().collect(Collectors.toMap(TenantSettings::name, tenant -> tenant)),
                authorizations,
                clients,
                hsm,
                secrets,
                cost,
                throttle,
                bypass,
                Duration.ofSeconds(sadSeconds),
                Duration.ofSeconds(openKeySeconds),
                anchors,
                problems.warnings());
    }

    public Set<String> tenantNames() {
        return tenants.keySet();
    }

    /** Keys of the seed that this version reads without acting on them. */
    private static void comesLater(org.countersign.core.configuration.ConfigurationObject file, Problems problems) {
        for (String key : List.of("loggersConfig", "didProperties", "ntp", "aws")) {
            if (file.has(key)) {
                problems.warning(key, "is accepted, but this version does not act on it");
            }
        }
    }
}

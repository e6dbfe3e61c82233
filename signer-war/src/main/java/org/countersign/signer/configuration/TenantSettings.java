package org.countersign.signer.configuration;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.countersign.core.configuration.ConfigurationObject;
import org.countersign.core.oauth2.SeatName;
import org.countersign.core.x509.TrustAnchors;
import org.countersign.server.vaults.VaultChoice;

/**
 * One of the {@code tenants} of a configuration file: an organisation and where its keys and trust are.
 *
 * @param demonstration accepts a certificate of any authority; never for real ones
 * @param trustAnchors whose certificates the tenant's credentials may have; empty means none are accepted
 * @param enrolment the authority that is asked for them; without it they are brought
 */
public record TenantSettings(
        String name,
        boolean demonstration,
        VaultChoice newKeys,
        Optional<TrustAnchors> trustAnchors,
        Optional<EnrolmentSettings> enrolment) {

    static List<TenantSettings> read(ConfigurationObject file, Map<String, String> environment) {
        var tenants = new ArrayList<TenantSettings>();
        var names = new HashSet<String>();
        for (var tenant : file.objects("tenants")) {
            var read = one(tenant, environment);
            if (!names.add(read.name()) && !read.name().isEmpty()) {
                file.problems().error(tenant.pathOf("name"), "is the same as an earlier tenant's");
            }
            tenants.add(read);
        }
        if (tenants.isEmpty()) {
            file.problems().error("tenants", "at least one tenant is required: [{name}]");
        }
        return List.copyOf(tenants);
    }

    private static TenantSettings one(ConfigurationObject tenant, Map<String, String> environment) {
        var name = tenant.requiredText("name");
        if (!name.isEmpty() && !SeatName.isTenant(name)) {
            tenant.problems()
                    .error(tenant.pathOf("name"), "must have 1 to 64 letters, digits, dots, dashes, underscores");
        }
        boolean demonstration = tenant.flag("demonstration", false);
        var newKeys = tenant.choice("defaultWebCertificateType", VaultChoice.class, VaultChoice.DATABASE);
        var anchors = tenant.texts("trustAnchors");
        if (tenant.has("groups")) {
            tenant.problems()
                    .warning(
                            tenant.pathOf("groups"),
                            "is not used: this version keeps no groups apart; a tenant for each replaces them");
        }
        if (tenant.has("securityPolicy")) {
            tenant.problems()
                    .warning(
                            tenant.pathOf("securityPolicy"),
                            "is not used: authorizationConfigurations and trustAnchors replace it");
        }
        var read = anchors(tenant, anchors);
        var enrolment = EnrolmentSettings.read(tenant, environment);
        tenant.refuseUnknownKeys();
        if (anchors.isEmpty() && !demonstration) {
            tenant.problems()
                    .warning(
                            tenant.pathOf("trustAnchors"), "is empty: no certificate will be accepted for this tenant");
        }
        return new TenantSettings(name, demonstration, newKeys, read, enrolment);
    }

    private static Optional<TrustAnchors> anchors(ConfigurationObject tenant, List<String> pem) {
        if (pem.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(TrustAnchors.read(String.join("\n", pem)));
        } catch (IllegalArgumentException malformed) {
            tenant.problems()
                    .error(tenant.pathOf("trustAnchors"), "must be certificates in PEM, -----BEGIN CERTIFICATE-----…");
            return Optional.empty();
        }
    }
}

package org.countersign.wallet.configuration;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.countersign.core.configuration.JsonConfiguration;
import org.countersign.core.configuration.Problems;
import org.countersign.server.console.ConsoleSettings;
import org.countersign.server.issuing.IssuerAddress;
import org.countersign.server.issuing.JwsAlgorithm;
import org.countersign.server.issuing.SigningKeySettings;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.tenancy.ContextName;
import org.countersign.server.tenancy.ContextSecret;
import org.countersign.server.tenancy.EnvironmentSecret;
import org.countersign.server.vaults.VaultSettings;
import org.countersign.server.web.AddressRange;
import org.countersign.server.web.AddressRanges;
import org.countersign.server.wiring.ContextSettings;
import org.countersign.server.wiring.ProductConfiguration;
import org.countersign.wallet.initialisation.WalletAttestations;
import org.countersign.wallet.keyattestations.KeyAttestationSettings;

/**
 * Everything a context's file says, checked.
 *
 * @param common what every product's file says
 * @param issuer the context's address as others reach it, without a slash at its end: {@code iss} of what it signs, and the
 *     one {@code aud} it accepts
 * @param masterSecret the company's own, of the key vault, the PINs and the audit anchor
 * @param vaults where the keys of companies are
 * @param trustedProxies whose word on where a request comes from counts
 * @param noncesPerMinute how many nonces one address gets
 * @param proofNonces whether every DPoP proof is to have a nonce of the server
 * @param compatibilityProfile whether organisations may allow the wallet app as it was shipped before
 * @param invitations how long they are good
 * @param keys what signs attestations and configurations
 * @param keyAttestation whose word on wallets' keys counts
 * @param console the people who operate it
 * @param warnings to be logged
 */
public record WalletConfiguration(
        ContextSettings common,
        URI issuer,
        byte[] masterSecret,
        VaultSettings vaults,
        List<AddressRange> trustedProxies,
        int noncesPerMinute,
        boolean proofNonces,
        boolean compatibilityProfile,
        Duration invitations,
        SigningKeySettings keys,
        KeyAttestationSettings keyAttestation,
        ConsoleSettings console,
        List<String> warnings)
        implements ProductConfiguration {

    private static final EnvironmentSecret MASTER_SECRET =
            new EnvironmentSecret("WALLET_MASTER_SECRET", "master secret", ContextSecret.MASTER_SECRET);

    private static final int DEFAULT_NONCES = 120;
    private static final int MOST_NONCES = 1_000_000;
    private static final int DEFAULT_HOURS = 72;
    private static final int MOST_HOURS = 720;

    public WalletConfiguration {
        trustedProxies = List.copyOf(trustedProxies);
        warnings = List.copyOf(warnings);
    }

    /**
     * For the server, which is about to start the context: tries its log files too.
     *
     * @throws org.countersign.core.configuration.ConfigurationException with every error of the file in one message
     */
    public static WalletConfiguration read(Path path, ContextName context, Map<String, String> environment) {
        var problems = new Problems();
        var file = JsonConfiguration.read(path, problems);
        var common = ContextSettings.read(file, path, context, environment, Set.of(), true);
        var issuer = IssuerAddress.read(file, environment);
        var masterSecret = MASTER_SECRET.read(file, "masterSecret", context, environment);
        var vaults = VaultSettings.read(file, path, environment, Duration.ZERO);
        var trustedProxies = AddressRanges.read(file, "trustedProxies", List.of());
        var nonces = file.object("nonces");
        int noncesPerMinute = nonces.number("perMinute", DEFAULT_NONCES, 1, MOST_NONCES);
        nonces.refuseUnknownKeys();
        var proofs = file.object("proofs");
        boolean proofNonces = proofs.flag("serverNonces", false);
        proofs.refuseUnknownKeys();
        boolean compatibilityProfile = file.flag("compatibilityProfile", false);
        var invitations = file.object("invitations");
        var validity = Duration.ofHours(invitations.number("validityInHours", DEFAULT_HOURS, 1, MOST_HOURS));
        invitations.refuseUnknownKeys();
        var keys = SigningKeySettings.read(file.object("keys"), JwsAlgorithm.ES256, WalletAttestations.VALIDITY);
        var keyAttestation = KeyAttestationSettings.read(file, environment);
        var console = ConsoleSettings.read(
                file.object("console"), environment, EnumSet.of(ApiGroup.OPERATOR, ApiGroup.AUDITOR));
        file.refuseUnknownKeys();
        problems.throwIfAny(path.toString());
        return new WalletConfiguration(
                common,
                issuer,
                masterSecret,
                vaults,
                trustedProxies,
                noncesPerMinute,
                proofNonces,
                compatibilityProfile,
                validity,
                keys,
                keyAttestation,
                console,
                problems.warnings());
    }

    @Override
    public String toString() {
        return "the configuration of " + common.source();
    }
}

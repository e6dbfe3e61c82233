package org.countersign.ds.configuration;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.countersign.core.configuration.ConfigurationObject;
import org.countersign.core.configuration.JsonConfiguration;
import org.countersign.core.configuration.Problems;
import org.countersign.ds.applications.AdmissionSettings;
import org.countersign.ds.certificates.LoopbackNames;
import org.countersign.ds.devices.RetentionSettings;
import org.countersign.ds.files.FileSettings;
import org.countersign.ds.releases.UpdateOffers;
import org.countersign.ds.sync.SyncSettings;
import org.countersign.ds.tokens.TokenSettings;
import org.countersign.server.console.ConsoleSettings;
import org.countersign.server.issuing.IssuerAddress;
import org.countersign.server.issuing.SigningKeySettings;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.tenancy.ContextName;
import org.countersign.server.tenancy.ContextSecret;
import org.countersign.server.tenancy.EnvironmentSecret;
import org.countersign.server.web.AddressRange;
import org.countersign.server.web.AddressRanges;
import org.countersign.server.wiring.ContextSettings;
import org.countersign.server.wiring.ProductConfiguration;

/**
 * Everything a context's file says, checked.
 *
 * @param common what every product's file says
 * @param issuer the context's address as others reach it, without a slash at its end: {@code iss} of its tokens
 * @param masterSecret the company's own, of the key vault and the audit anchor
 * @param files where installers and plug-ins are
 * @param loopback the names of agents on their own machines
 * @param tokens what applications get
 * @param keys what signs them
 * @param apiKeys how often they may be used
 * @param trustedProxies whose word on where a request comes from counts
 * @param clientCertificateHeader in which they say which certificate a client showed them
 * @param sync what devices are told regularly
 * @param retention how long what they send is kept
 * @param console the people who operate it
 * @param warnings to be logged
 */
public record DsConfiguration(
        ContextSettings common,
        URI issuer,
        byte[] masterSecret,
        FileSettings files,
        LoopbackNames loopback,
        TokenSettings tokens,
        SigningKeySettings keys,
        AdmissionSettings apiKeys,
        List<AddressRange> trustedProxies,
        Optional<String> clientCertificateHeader,
        SyncSettings sync,
        RetentionSettings retention,
        ConsoleSettings console,
        List<String> warnings)
        implements ProductConfiguration {

    private static final EnvironmentSecret MASTER_SECRET =
            new EnvironmentSecret("DS_MASTER_SECRET", "master secret", ContextSecret.MASTER_SECRET);

    private static final Pattern HEADER = Pattern.compile("[A-Za-z][A-Za-z0-9-]{0,63}");

    public DsConfiguration {
        trustedProxies = List.copyOf(trustedProxies);
        warnings = List.copyOf(warnings);
    }

    /**
     * For the server, which is about to start the context: tries its log files too.
     *
     * @throws org.countersign.core.configuration.ConfigurationException with every error of the file in one message
     */
    public static DsConfiguration read(Path path, ContextName context, Map<String, String> environment) {
        var problems = new Problems();
        var file = JsonConfiguration.read(path, problems);
        var common = ContextSettings.read(file, path, context, environment, Set.of(), true);
        var issuer = IssuerAddress.read(file, environment);
        var masterSecret = MASTER_SECRET.read(file, "masterSecret", context, environment);
        var files = FileSettings.read(file.object("releases"), path, context.company());
        var loopback = LoopbackNames.read(file.object("loopback"));
        var tokens = TokenSettings.read(file.object("tokens"));
        var keys = SigningKeySettings.read(file.object("keys"), tokens.algorithm(), longest(tokens.validity()));
        var apiKeys = AdmissionSettings.read(file.object("apiKeys"));
        var trustedProxies = AddressRanges.read(file, "trustedProxies", List.of());
        var certificateHeader = certificateHeader(file, trustedProxies);
        var sync = SyncSettings.read(file);
        var retention = RetentionSettings.read(file.object("retention"));
        var console = ConsoleSettings.read(
                file.object("console"), environment, EnumSet.of(ApiGroup.OPERATOR, ApiGroup.SUPPORT, ApiGroup.AUDITOR));
        file.refuseUnknownKeys();
        problems.throwIfAny(path.toString());
        return new DsConfiguration(
                common,
                issuer,
                masterSecret,
                files,
                loopback,
                tokens,
                keys,
                apiKeys,
                trustedProxies,
                certificateHeader,
                sync,
                retention,
                console,
                problems.warnings());
    }

    /** Update manifests live long, too. */
    private static Duration longest(Duration tokens) {
        return tokens.compareTo(UpdateOffers.VALIDITY) > 0 ? tokens : UpdateOffers.VALIDITY;
    }

    private static Optional<String> certificateHeader(ConfigurationObject file, List<AddressRange> trustedProxies) {
        var key = "clientCertificateHeader";
        var header = file.text(key);
        if (header.isPresent() && !HEADER.matcher(header.get()).matches()) {
            file.problems().error(key, "must be the name of a header, such as X-SSL-Client-Cert");
        }
        if (header.isPresent() && trustedProxies.isEmpty()) {
            file.problems().error(key, "needs trustedProxies: what nobody trusted says counts for nothing");
        }
        return header;
    }

    @Override
    public String toString() {
        return "the configuration of " + common.source();
    }
}

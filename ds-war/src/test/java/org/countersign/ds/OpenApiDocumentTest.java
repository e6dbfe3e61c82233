package org.countersign.ds;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.countersign.core.error.DsError;
import org.countersign.core.error.ErrorCode;
import org.countersign.core.error.OAuth2Error;
import org.countersign.ds.applications.ApiKeysResource.NewApiKey;
import org.countersign.ds.applications.ApplicationsResource.ApplicationDescription;
import org.countersign.ds.modules.AtrsResource.AtrDescription;
import org.countersign.ds.modules.ModulesResource.MapAnswer;
import org.countersign.ds.organisations.OrganisationsResource.OrganisationDescription;
import org.countersign.server.console.ConsoleSessionResource.SessionDescription;
import org.countersign.server.openapi.ApiDocumentRules;
import org.countersign.server.openapi.ProductApi;

class OpenApiDocumentTest extends ApiDocumentRules {

    private static final Map<String, Class<?>> MAP = Map.of("200", MapAnswer.class, "304", void.class);
    private static final Map<String, Class<?>> FILE =
            Map.of("200", String.class, "206", String.class, "304", void.class);

    OpenApiDocumentTest() {
        super(new ProductApi(
                Map.ofEntries(
                        Map.entry("OrganisationsResource.add", Map.of("201", OrganisationDescription.class)),
                        Map.entry("ApplicationsResource.add", Map.of("201", ApplicationDescription.class)),
                        Map.entry("ApiKeysResource.add", Map.of("201", NewApiKey.class)),
                        Map.entry("ApiKeysResource.rotate", Map.of("201", NewApiKey.class)),
                        Map.entry("AtrsResource.add", Map.of("201", AtrDescription.class)),
                        Map.entry("ModulesResource.modules", MAP),
                        Map.entry("CardsResource.atrs", MAP),
                        Map.entry("ModulesResource.plugIn", FILE),
                        Map.entry(
                                "ConsoleResource.page",
                                Map.of("200", String.class, "303", void.class, "304", void.class)),
                        Map.entry("ConsoleResource.file", Map.of("200", String.class, "304", void.class)),
                        Map.entry(
                                "DemonstrationResource.page",
                                Map.of("200", String.class, "303", void.class, "304", void.class)),
                        Map.entry("DemonstrationResource.file", Map.of("200", String.class, "304", void.class)),
                        Map.entry("SdkResource.file", Map.of("200", String.class, "304", void.class)),
                        Map.entry("OpenIdResource.begin", Map.of("303", void.class)),
                        Map.entry("OpenIdResource.callback", Map.of("303", void.class)),
                        Map.entry("ConsoleSessionResource.signIn", Map.of("200", SessionDescription.class)),
                        Map.entry("ConsoleSessionResource.signOut", Map.of("204", void.class)),
                        Map.entry("DevicePlugInsResource.plugIn", FILE),
                        Map.entry("DownloadsResource.forBrowser", FILE),
                        Map.entry("DownloadsResource.recommended", FILE),
                        Map.entry("DownloadsResource.version", FILE)),
                // The form of the v3 API's refusals, which no method returns.
                Set.of("Refusal"),
                Set.of("apikey"),
                errors(),
                // Their calls take signed bytes and objects of parameters, which the rules do not look into yet.
                Set.of(
                        "org.countersign.ds.devices",
                        "org.countersign.ds.logs",
                        "org.countersign.ds.sync",
                        "org.countersign.ds.transactions"),
                Set.of("Devices")));
    }

    private static List<ErrorCode> errors() {
        var codes = new ArrayList<ErrorCode>(List.of(OAuth2Error.values()));
        codes.addAll(List.of(DsError.values()));
        return codes;
    }
}

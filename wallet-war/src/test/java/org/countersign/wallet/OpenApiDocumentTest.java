package org.countersign.wallet;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.countersign.core.error.ErrorCode;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.WalletError;
import org.countersign.server.console.ConsoleSessionResource.SessionDescription;
import org.countersign.server.oauth.OAuthResource.TokenAnswer;
import org.countersign.server.openapi.ApiDocumentRules;
import org.countersign.server.openapi.ProductApi;
import org.countersign.wallet.companies.CompanyKeysResource.CompanyKeyDescription;
import org.countersign.wallet.organisations.OrganisationsResource.OrganisationDescription;
import org.countersign.wallet.scim.ScimUsersResource.ScimUserDescription;
import org.countersign.wallet.users.UserImportResource.ImportedUsers;
import org.countersign.wallet.users.UsersResource.InvitationDescription;
import org.countersign.wallet.users.UsersResource.UserDescription;

class OpenApiDocumentTest extends ApiDocumentRules {

    OpenApiDocumentTest() {
        super(new ProductApi(
                Map.ofEntries(
                        Map.entry(
                                "ConsoleResource.page",
                                Map.of("200", String.class, "303", void.class, "304", void.class)),
                        Map.entry("ConsoleResource.file", Map.of("200", String.class, "304", void.class)),
                        Map.entry("OpenIdResource.begin", Map.of("303", void.class)),
                        Map.entry("OpenIdResource.callback", Map.of("303", void.class)),
                        Map.entry("ConsoleSessionResource.signIn", Map.of("200", SessionDescription.class)),
                        Map.entry("ConsoleSessionResource.signOut", Map.of("204", void.class)),
                        Map.entry("CompanyKeysResource.make", Map.of("201", CompanyKeyDescription.class)),
                        Map.entry("OrganisationsResource.add", Map.of("201", OrganisationDescription.class)),
                        Map.entry("ScimUsersResource.add", Map.of("201", ScimUserDescription.class)),
                        Map.entry(
                                "ScimUsersResource.show", Map.of("200", ScimUserDescription.class, "304", void.class)),
                        Map.entry("ScimUsersResource.replace", Map.of("200", ScimUserDescription.class)),
                        Map.entry("ScimUsersResource.change", Map.of("200", ScimUserDescription.class)),
                        Map.entry("TokenResource.token", Map.of("200", TokenAnswer.class)),
                        Map.entry("StatusListsResource.mostSignificantFirst", Map.of("200", String.class)),
                        Map.entry("StatusListsResource.list", Map.of("200", String.class)),
                        Map.entry("UserImportResource.add", Map.of("201", ImportedUsers.class)),
                        Map.entry("UpdatePinResource.update", Map.of("200", void.class)),
                        Map.entry("UsersResource.add", Map.of("201", UserDescription.class)),
                        Map.entry("UsersResource.invite", Map.of("201", InvitationDescription.class))),
                Set.of(
                        "ImportError",
                        "ImportRefusal",
                        "InitialisationRequest",
                        "ScimDocument",
                        "ScimPatchRequest",
                        "ScimRefusal",
                        "ScimUserRequest",
                        "ShippedAppRequest",
                        "SignHashRequest",
                        "UpdateAttestationRequest",
                        "UpdatePinRequest",
                        "WalletTokenRequest"),
                Set.of(),
                errors(),
                Set.of(),
                Set.of()));
    }

    private static List<ErrorCode> errors() {
        var codes = new ArrayList<ErrorCode>(List.of(OAuth2Error.values()));
        codes.addAll(List.of(WalletError.values()));
        return codes;
    }
}

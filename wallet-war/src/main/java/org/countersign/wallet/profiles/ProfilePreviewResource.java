package org.countersign.wallet.profiles;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Caller;
import org.countersign.wallet.organisations.Login;
import org.countersign.wallet.organisations.Member;
import org.countersign.wallet.organisations.Profile;
import org.countersign.wallet.organisations.WalletFor;
import org.jose4j.json.JsonUtil;

/** What wallets would be told with a profile, for operators: nothing is stored or signed. */
@Path("admin/v1/profile-preview")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class ProfilePreviewResource {

    private static final UUID NOBODY = new UUID(0, 0);
    private static final Login EXAMPLE = new Login("person@people.example.com");

    private final WalletConfigurations configurations;

    public ProfilePreviewResource(WalletConfigurations configurations) {
        this.configurations = configurations;
    }

    /** The claims of the configuration of a natural person's wallet. The profile is checked as if it were stored. */
    @POST
    public byte[] preview(@Context SecurityContext security, byte[] body) {
        Caller.of(security).require(ApiGroup.OPERATOR);
        var member = new Member(NOBODY, EXAMPLE, WalletFor.NP, NOBODY, Profile.parse(body), Optional.empty());
        return JsonUtil.toJson(configurations.claims(member)).getBytes(StandardCharsets.UTF_8);
    }
}

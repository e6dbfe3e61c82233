package org.countersign.wallet.users;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Consumer;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.listing.Filter;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Caller;
import org.countersign.server.web.Page;
import org.countersign.server.web.QrCode;
import org.countersign.wallet.organisations.Login;
import org.countersign.wallet.organisations.WalletFor;
import org.countersign.wallet.statuslists.StatusLists;
import org.countersign.wallet.wallets.Wallets;

/** Users, for operators. */
@Path("admin/v1/users")
@Produces(MediaType.APPLICATION_JSON)
public final class UsersResource {

    private final Users users;
    private final StatusLists lists;
    private final AuditLog audit;

    public UsersResource(Users users, StatusLists lists, AuditLog audit) {
        this.users = users;
        this.lists = lists;
        this.audit = audit;
    }

    /**
     * @param login in the form of an e-mail address, 254 characters at most; unique, whatever its case
     * @param walletFor {@code np}, a natural person, or {@code lp}, a legal one; left out, the first
     */
    public record UserRequest(UUID organisationId, String login, String walletFor) {}

    /**
     * @param invitedUntil as RFC 3339 has it, in UTC, like the other times; absent without an invitation
     * @param blocked whether nothing of theirs is accepted
     * @param wallet the one in use; absent without
     */
    public record UserDescription(
            UUID id,
            UUID organisationId,
            String login,
            String walletFor,
            String invitedUntil,
            boolean blocked,
            WalletDescription wallet,
            String createdAt) {

        static UserDescription of(User user) {
            return new UserDescription(
                    user.id(),
                    user.organisation(),
                    user.login().text(),
                    user.walletFor().text(),
                    user.invitedUntil().map(Instant::toString).orElse(null),
                    user.blocked(),
                    user.wallet().map(WalletDescription::of).orElse(null),
                    user.createdAt().toString());
        }
    }

    /**
     * @param wrongPins in a row
     * @param locked whether an operator has to unlock it
     * @param compatibility whether it is one of the app as it was shipped before, which has no PIN and gets configurations alone
     */
    public record WalletDescription(UUID id, int wrongPins, boolean locked, boolean compatibility, String createdAt) {

        static WalletDescription of(User.Wallet wallet) {
            return new WalletDescription(
                    wallet.id(),
                    wallet.pinFailures(),
                    wallet.pinFailures() >= Wallets.TRIALS,
                    wallet.shippedApp(),
                    wallet.createdAt().toString());
        }
    }

    /**
     * @param link told here only
     * @param qrCode the link as a QR code: a PNG in base64
     */
    public record InvitationDescription(String link, String qrCode, String expiresAt) {}

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response add(@Context SecurityContext security, UserRequest request) {
        var caller = operator(security);
        if (request == null || request.organisationId() == null) {
            throw ProtocolException.invalidRequest("organisationId is required");
        }
        var login =
                Login.parse(request.login()).orElseThrow(() -> ProtocolException.invalidRequest(UserFile.BAD_LOGIN));
        var walletFor = request.walletFor() == null
                ? WalletFor.NP
                : WalletFor.parse(request.walletFor())
                        .orElseThrow(() -> ProtocolException.invalidRequest(UserFile.BAD_WALLET_FOR));
        if (login.isGuest() && walletFor == WalletFor.LP) {
            throw ProtocolException.invalidRequest(UserFile.BAD_GUEST);
        }
        var user = users.add(request.organisationId(), login, walletFor);
        tell("user.created", caller, user);
        return created(UserDescription.of(user));
    }

    /**
     * By login, a page at a time.
     *
     * @param login the beginning of one
     * @param organisation whose users alone
     */
    @GET
    public List<UserDescription> list(
            @Context SecurityContext security,
            @QueryParam("login") String login,
            @QueryParam("organisation") String organisation,
            @QueryParam("page") Integer page,
            @QueryParam("pageSize") Integer pageSize) {
        operator(security);
        var filter = new Filter()
                .with("u.removed_at is null")
                .with(
                        "starts_with(u.login, ?)",
                        login == null ? null : Filter.text("login", login.toLowerCase(Locale.ROOT)))
                .with("u.organisation_id = ?", Filter.uuid("organisation", organisation));
        return users.list(filter, Page.of(page, pageSize)).stream()
                .map(UserDescription::of)
                .toList();
    }

    @GET
    @Path("{id}")
    public UserDescription show(@Context SecurityContext security, @PathParam("id") UUID id) {
        operator(security);
        return UserDescription.of(users.require(id));
    }

    /** For ever. Their wallets show as revoked. */
    @DELETE
    @Path("{id}")
    public void remove(@Context SecurityContext security, @PathParam("id") UUID id) {
        var caller = operator(security);
        var user = users.require(id);
        users.remove(id);
        lists.forget();
        tell("user.removed", caller, user);
    }

    @POST
    @Path("{id}/invitation")
    public Response invite(@Context SecurityContext security, @PathParam("id") UUID id) {
        var caller = operator(security);
        var invitation = users.invite(id);
        tell("user.invited", caller, users.require(id));
        return created(new InvitationDescription(
                invitation.link(),
                QrCode.png(invitation.link()),
                invitation.expiresAt().toString()));
    }

    @POST
    @Path("{id}/block")
    public UserDescription block(@Context SecurityContext security, @PathParam("id") UUID id) {
        return change(security, id, users::block, "user.blocked");
    }

    @POST
    @Path("{id}/unblock")
    public UserDescription unblock(@Context SecurityContext security, @PathParam("id") UUID id) {
        return change(security, id, users::unblock, "user.unblocked");
    }

    /** After too many wrong PINs. */
    @POST
    @Path("{id}/unlock")
    public UserDescription unlock(@Context SecurityContext security, @PathParam("id") UUID id) {
        return change(security, id, users::unlock, "wallet.unlocked");
    }

    @POST
    @Path("{id}/revoke-wallet")
    public UserDescription revokeWallet(@Context SecurityContext security, @PathParam("id") UUID id) {
        return change(
                security,
                id,
                user -> {
                    users.revokeWallet(user);
                    lists.forget();
                },
                "wallet.revoked");
    }

    private UserDescription change(SecurityContext security, UUID id, Consumer<UUID> act, String type) {
        var caller = operator(security);
        users.require(id);
        act.accept(id);
        var user = users.require(id);
        tell(type, caller, user);
        return UserDescription.of(user);
    }

    private void tell(String type, Caller caller, User user) {
        audit.append(AuditEvent.success(type)
                .client(caller.clientId())
                .detail("user", user.id())
                .detail("login", user.login().text()));
    }

    private static Response created(Object entity) {
        return Response.status(Response.Status.CREATED).entity(entity).build();
    }

    private static Caller operator(SecurityContext security) {
        var caller = Caller.of(security);
        caller.require(ApiGroup.OPERATOR);
        return caller;
    }
}

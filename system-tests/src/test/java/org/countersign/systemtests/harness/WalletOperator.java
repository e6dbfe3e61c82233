package org.countersign.systemtests.harness;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import java.util.UUID;

/** An operator of the wallet provider, with an organisation of their own. */
public final class WalletOperator {

    private static final String USERS = "/admin/v1/users/";
    private static final String ORGANISATIONS = "/admin/v1/organisations/";

    private final SignerApi provider;
    private final Caller caller;
    private final String organisation;

    public WalletOperator(SignerApi provider) {
        this.provider = provider;
        this.caller = provider.as(Company.WALLET_OPERATOR, Company.OPERATOR_SECRET, "");
        this.organisation = caller.post("/admin/v1/organisations", Map.of("name", "People " + UUID.randomUUID()))
                .ok()
                .text("id");
    }

    public Caller caller() {
        return caller;
    }

    public String organisation() {
        return organisation;
    }

    /** @return what they are known by to operators */
    public String newUser() {
        return newUser(UUID.randomUUID() + "@people.example.com", "np");
    }

    /** @return what they are known by to operators */
    public String newLegalPerson() {
        return newUser(UUID.randomUUID() + "@companies.example.com", "lp");
    }

    /** @return what they are known by to operators */
    public String newGuest() {
        return newUser("guest@" + UUID.randomUUID() + ".example.com", "np");
    }

    private String newUser(String login, String walletFor) {
        return caller.post(
                        "/admin/v1/users",
                        Map.of("organisationId", organisation, "login", login, "walletFor", walletFor))
                .ok()
                .text("id");
    }

    /** @return the answer that describes it */
    public Answer newCompanyKey() {
        return Http.send(caller.request(companyKeys()).POST(BodyPublishers.noBody()))
                .ok();
    }

    public Answer revokeCompanyKey(String kid) {
        return Http.send(caller.request(companyKeys() + "/" + kid).DELETE());
    }

    public JsonNode showCompanyKeys() {
        return caller.get(companyKeys()).ok().json();
    }

    private String companyKeys() {
        return ORGANISATIONS + organisation + "/company-keys";
    }

    /** @param json such as {@code {"clientId": …, "kid": …}} */
    public Answer signBy(String json) {
        return Http.send(caller.request(ORGANISATIONS + organisation + "/company-signature")
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(json)));
    }

    /** What is required of attestation keys. */
    public String keyPolicy() {
        return caller.get(ORGANISATIONS + organisation + "/key-policy").ok().text("required");
    }

    public Answer requireKey(String level) {
        return putKeyPolicy("{\"required\": \"" + level + "\"}");
    }

    public Answer putKeyPolicy(String json) {
        return Http.send(caller.request(ORGANISATIONS + organisation + "/key-policy")
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(json)));
    }

    /** Whether wallets of the app as it was shipped before may begin and go on. */
    public Answer allowShippedApp(boolean allowed) {
        return Http.send(caller.request(ORGANISATIONS + organisation + "/compatibility")
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString("{\"allowed\": " + allowed + "}")));
    }

    public Answer remove(String user) {
        return Http.send(caller.request(USERS + user).DELETE());
    }

    /** @param csv the file */
    public Answer importUsers(String csv) {
        return Http.send(caller.request(ORGANISATIONS + organisation + "/users")
                .setHeader("Content-Type", "text/csv")
                .POST(BodyPublishers.ofString(csv)));
    }

    /** A phone that has read a new invitation's QR code. */
    public WalletApp invite(String user) {
        return new WalletApp(provider, act(user, "invitation").ok().text("link"));
    }

    /** A wallet that was initialised. */
    public WalletApp wallet(String user) {
        var app = invite(user);
        app.initialise().ok();
        return app;
    }

    /** Such as {@code block}. */
    public Answer act(String user, String act) {
        return Http.send(caller.request(USERS + user + "/" + act).POST(BodyPublishers.noBody()));
    }

    public JsonNode show(String user) {
        return caller.get(USERS + user).ok().json();
    }

    public Answer configure(String profile) {
        return Http.send(caller.request(ORGANISATIONS + organisation + "/profile")
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(profile)));
    }
}

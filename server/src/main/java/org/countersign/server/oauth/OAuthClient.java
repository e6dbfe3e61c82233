package org.countersign.server.oauth;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.countersign.core.oauth2.Scope;
import org.countersign.core.oauth2.SeatName;

/** An application that may use this server. Its secret is stored hashed and never leaves. */
@Entity
@Table(name = "oauth_client")
public class OAuthClient {

    @Id
    @Column(name = "client_id")
    private String clientId;

    @Column(name = "secret_hash")
    private String secretHash;

    @Column(name = "authorized_grant_types")
    private String authorizedGrantTypes;

    @Column(name = "access_token_validity")
    private int accessTokenValidity;

    /** Of those, what versions before migration 4 read too; they refuse a client with others. */
    @Column(name = "authorities")
    private String authorities;

    /** Of those, what versions before migration 7 read too; null when the column above has that. */
    @Column(name = "all_authorities")
    private String allAuthorities;

    /** Null when the columns above have all. */
    @Column(name = "grouped_authorities")
    private String groupedAuthorities;

    @Column(name = "demonstration")
    private boolean demonstration;

    @Column(name = "created_at")
    private Instant createdAt;

    @Column(name = "default_scope")
    private String defaultScope;

    protected OAuthClient() {}

    public static OAuthClient register(ClientRegistration registration, String secretHash, Instant now) {
        var client = new OAuthClient();
        client.clientId = registration.clientId();
        client.createdAt = now;
        client.demonstration = registration.demonstration();
        client.replace(registration, secretHash);
        return client;
    }

    /** A row of the columns by their names. */
    static OAuthClient read(ResultSet row) throws SQLException {
        var client = new OAuthClient();
        client.clientId = row.getString("client_id");
        client.secretHash = row.getString("secret_hash");
        client.authorizedGrantTypes = row.getString("authorized_grant_types");
        client.accessTokenValidity = row.getInt("access_token_validity");
        client.authorities = row.getString("authorities");
        client.allAuthorities = row.getString("all_authorities");
        client.groupedAuthorities = row.getString("grouped_authorities");
        client.demonstration = row.getBoolean("demonstration");
        client.createdAt = row.getTimestamp("created_at").toInstant();
        client.defaultScope = row.getString("default_scope");
        return client;
    }

    /**
     * Takes over everything but the identifier and the mark of a demonstration client, which stays for good: its secret
     * may still be the documented one.
     */
    public final void replace(ClientRegistration registration, String newSecretHash) {
        secretHash = newSecretHash;
        authorizedGrantTypes = registration.authorizedGrantTypes();
        accessTokenValidity = (int) registration.accessTokenValidity().toSeconds();
        var all = registration.authorities().toString();
        var ungrouped = Authorities.withoutSeatGroups(all);
        authorities = Authorities.withoutConnector(ungrouped);
        allAuthorities = authorities.equals(ungrouped) ? null : ungrouped;
        groupedAuthorities = ungrouped.equals(all) ? null : all;
        defaultScope = registration
                .defaultSeat()
                .map(seat -> new Scope(Optional.of(seat)).toString())
                .orElse(null);
    }

    public String clientId() {
        return clientId;
    }

    public String secretHash() {
        return secretHash;
    }

    public String authorizedGrantTypes() {
        return authorizedGrantTypes;
    }

    public int accessTokenValidity() {
        return accessTokenValidity;
    }

    /** How long a token lives: the registered time, for an untrusted client a minute at most. */
    public Duration tokenLifetime(Authorities granted) {
        return Duration.ofSeconds(
                granted.trusted()
                        ? accessTokenValidity
                        : Math.min(accessTokenValidity, Authorities.UNTRUSTED_VALIDITY));
    }

    /** As they were registered. When a version before has written others since, those hold, and no more. */
    String storedAuthorities() {
        return storedAuthorities(authorities, allAuthorities, groupedAuthorities);
    }

    /** As they were registered, of the columns of their names; the last two may be null. */
    public static String storedAuthorities(String authorities, String allAuthorities, String groupedAuthorities) {
        var ungrouped = allAuthorities != null
                        && Authorities.withoutConnector(allAuthorities).equals(authorities)
                ? allAuthorities
                : authorities;
        return groupedAuthorities != null
                        && Authorities.withoutSeatGroups(groupedAuthorities).equals(ungrouped)
                ? groupedAuthorities
                : ungrouped;
    }

    /** @param knownTenants of this context; a tenant that is gone from the configuration is gone from the client */
    public Authorities authorities(Set<String> knownTenants) {
        return Authorities.parse(
                        Authorities.withoutOthers(storedAuthorities(), knownTenants), knownTenants, problem -> {})
                .orElseThrow(() -> new IllegalStateException("stored authorities of a client do not parse"));
    }

    /** Whom its tokens speak for where it names nobody. */
    public Optional<SeatName> defaultSeat() {
        return Scope.parse(defaultScope).seat();
    }

    /** Served to the same machine only. */
    public boolean isDemonstration() {
        return demonstration;
    }
}

package org.countersign.wallet.organisations;

import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.WalletError;
import org.countersign.server.listing.Filter;
import org.countersign.server.persistence.Statements;
import org.countersign.server.web.Page;
import org.countersign.wallet.keyattestations.KeyLevel;

/** The organisations of a context. */
public final class Organisations {

    private static final String SELECT = "select " + Organisation.COLUMNS + " from organisation ";

    private final Statements statements;
    private final Entropy entropy;
    private final Clock clock;

    public Organisations(Statements statements, Entropy entropy, Clock clock) {
        this.statements = statements;
        this.entropy = entropy;
        this.clock = clock;
    }

    /** @throws ProtocolException {@code conflict} when there is one of this name */
    Organisation add(String name) {
        var organisation = new Organisation(entropy.uuid(), name, clock.instant());
        int added = statements.update(
                "insert into organisation (id, name, profile, created_at) values (?, ?, ?, ?) on conflict (name) do nothing",
                statement -> {
                    statement.setObject(1, organisation.id());
                    statement.setString(2, name);
                    statement.setString(3, Profile.EMPTY.json());
                    statement.setObject(4, OffsetDateTime.ofInstant(organisation.createdAt(), ZoneOffset.UTC));
                });
        if (added == 0) {
            throw new ProtocolException(WalletError.CONFLICT, "The organisation already exists");
        }
        return organisation;
    }

    /** @throws ProtocolException {@code not_found} */
    Organisation require(UUID id) {
        return statements
                .first(SELECT + "where id = ?", statement -> statement.setObject(1, id), Organisation::read)
                .orElseThrow(Organisations::notFound);
    }

    /** By name. */
    List<Organisation> list(Filter filter, Page page) {
        return statements.all(
                SELECT + filter.where() + " order by name limit ? offset ?",
                statement -> filter.bind(statement, page),
                Organisation::read);
    }

    /** @throws ProtocolException {@code not_found} */
    Profile profile(UUID id) {
        return statements
                .first(
                        "select profile from organisation where id = ?",
                        statement -> statement.setObject(1, id),
                        row -> new Profile(row.getString(1)))
                .orElseThrow(Organisations::notFound);
    }

    /** @throws ProtocolException {@code not_found} */
    void configure(UUID id, Profile profile) {
        int changed = statements.update("update organisation set profile = ? where id = ?", statement -> {
            statement.setString(1, profile.json());
            statement.setObject(2, id);
        });
        if (changed == 0) {
            throw notFound();
        }
    }

    /** @throws ProtocolException {@code not_found} */
    KeyLevel requiredKey(UUID id) {
        return statements
                .first(
                        "select required_key_level from organisation where id = ?",
                        statement -> statement.setObject(1, id),
                        row -> KeyLevel.parse(row.getString(1)).orElseThrow())
                .orElseThrow(Organisations::notFound);
    }

    /** @throws ProtocolException {@code not_found} */
    void requireKey(UUID id, KeyLevel level) {
        int changed = statements.update("update organisation set required_key_level = ? where id = ?", statement -> {
            statement.setString(1, level.text());
            statement.setObject(2, id);
        });
        if (changed == 0) {
            throw notFound();
        }
    }

    /**
     * Whether wallets of the shipped app may begin and go on.
     *
     * @throws ProtocolException {@code not_found}
     */
    boolean allowsShippedApp(UUID id) {
        return statements
                .first(
                        "select compatibility from organisation where id = ?",
                        statement -> statement.setObject(1, id),
                        row -> row.getBoolean(1))
                .orElseThrow(Organisations::notFound);
    }

    /** @throws ProtocolException {@code not_found} */
    void allowShippedApp(UUID id, boolean allowed) {
        int changed = statements.update("update organisation set compatibility = ? where id = ?", statement -> {
            statement.setBoolean(1, allowed);
            statement.setObject(2, id);
        });
        if (changed == 0) {
            throw notFound();
        }
    }

    /**
     * How it signs as a company.
     *
     * @throws ProtocolException {@code not_found}
     */
    Optional<CompanySignature> companySignature(UUID id) {
        return statements
                .first(
                        "select " + CompanySignature.COLUMNS + " from organisation o" + CompanySignature.JOIN
                                + " where o.id = ?",
                        statement -> statement.setObject(1, id),
                        CompanySignature::read)
                .orElseThrow(Organisations::notFound);
    }

    /**
     * By a method of a DID, or by nothing.
     *
     * @throws ProtocolException {@code not_found}
     */
    void signBy(UUID id, Optional<CompanySignature.Did> did) {
        int changed = statements.update(
                "update organisation set company_did = ?, company_method = ?, company_client_id = null,"
                        + " company_key_id = null where id = ?",
                statement -> {
                    statement.setString(1, did.map(CompanySignature.Did::did).orElse(null));
                    statement.setString(2, did.map(CompanySignature.Did::vm).orElse(null));
                    statement.setObject(3, id);
                });
        if (changed == 0) {
            throw notFound();
        }
    }

    /**
     * By a key that is held here.
     *
     * @throws ProtocolException {@code not_found} without the organisation, or when the key is not its own or was revoked
     */
    void signByKey(UUID id, String clientId, String kid) {
        int changed = statements.update(
                "update organisation o set company_did = null, company_method = null, company_client_id = ?,"
                        + " company_key_id = k.id from company_key k where o.id = ? and k.organisation_id = o.id"
                        + " and k.kid = ? and k.revoked_at is null",
                statement -> {
                    statement.setString(1, clientId);
                    statement.setObject(2, id);
                    statement.setString(3, kid);
                });
        if (changed == 0) {
            throw new ProtocolException(OAuth2Error.NOT_FOUND, "The organisation has no such key");
        }
    }

    private static ProtocolException notFound() {
        return new ProtocolException(OAuth2Error.NOT_FOUND, "The organisation was not found");
    }
}

package org.countersign.ds.organisations;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.DsError;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.web.Page;
import org.hibernate.SessionFactory;

/** The organisations of a context. */
public final class Organisations {

    private final SessionFactory sessions;
    private final Entropy entropy;
    private final Clock clock;

    public Organisations(SessionFactory sessions, Entropy entropy, Clock clock) {
        this.sessions = sessions;
        this.entropy = entropy;
        this.clock = clock;
    }

    /** @throws ProtocolException {@code conflict} when there is one of this name */
    Organisation add(String name) {
        var organisation = new Organisation(entropy.uuid(), name, clock.instant());
        int added = sessions.fromTransaction(session -> session.createNativeMutationQuery(
                        "insert into organisation (id, name, created_at) values (:id, :name, :createdAt)"
                                + " on conflict (name) do nothing")
                .setParameter("id", organisation.id())
                .setParameter("name", name)
                .setParameter("createdAt", organisation.createdAt())
                .executeUpdate());
        if (added == 0) {
            throw new ProtocolException(DsError.CONFLICT, "The organisation already exists");
        }
        return organisation;
    }

    public Optional<Organisation> find(UUID id) {
        return sessions.fromSession(session -> Optional.ofNullable(session.find(Organisation.class, id)));
    }

    /** @throws ProtocolException {@code not_found} */
    public Organisation require(UUID id) {
        return find(id).orElseThrow(
                        () -> new ProtocolException(OAuth2Error.NOT_FOUND, "The organisation was not found"));
    }

    /** By name. */
    List<Organisation> list(Page page) {
        return sessions.fromSession(
                session -> session.createSelectionQuery("from Organisation order by name", Organisation.class)
                        .setFirstResult(page.first())
                        .setMaxResults(page.size())
                        .list());
    }
}

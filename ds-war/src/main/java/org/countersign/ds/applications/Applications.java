package org.countersign.ds.applications;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.DsError;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.persistence.Statements;
import org.countersign.server.web.Page;

/** The applications of a context: table {@code application}. */
public final class Applications {

    private static final String ADD = "insert into application (origins, ip_ranges, client_certificate,"
            + " requests_per_minute, id, organisation_id, label, created_at) values (?, ?, ?, ?, ?, ?, ?, ?)"
            + " on conflict (label) do nothing";
    private static final String CHANGE = "update application set origins = ?, ip_ranges = ?, client_certificate = ?,"
            + " requests_per_minute = ? where id = ? and organisation_id = ? and label = ?";
    private static final String FIND = "select " + Application.COLUMNS + " from application where id = ?";
    private static final String LIST = "select " + Application.COLUMNS + " from application"
            + " where (?::uuid is null or organisation_id = ?) and position(lower(?) in lower(label)) > 0"
            + " order by label limit ? offset ?";

    private final Statements statements;
    private final Entropy entropy;
    private final Clock clock;

    public Applications(Statements statements, Entropy entropy, Clock clock) {
        this.statements = statements;
        this.entropy = entropy;
        this.clock = clock;
    }

    /** @throws ProtocolException {@code conflict} when there is one of this label */
    Application add(ApplicationRequest request) {
        var id = entropy.uuid();
        var now = clock.instant();
        int added = statements.update(ADD, statement -> {
            int index = bind(statement, request);
            statement.setObject(index++, id);
            statement.setObject(index++, request.organisationId());
            statement.setString(index++, request.label());
            statement.setTimestamp(index, Timestamp.from(now));
        });
        if (added == 0) {
            throw new ProtocolException(DsError.CONFLICT, "The label is taken");
        }
        return require(id);
    }

    private static int bind(PreparedStatement statement, ApplicationRequest request) throws SQLException {
        int index = 1;
        statement.setArray(index++, Application.array(statement.getConnection(), request.origins()));
        statement.setArray(index++, Application.array(statement.getConnection(), request.ipRanges()));
        statement.setString(index++, request.clientCertificate());
        statement.setObject(index++, request.requestsPerMinute(), Types.INTEGER);
        return index;
    }

    /** @throws ProtocolException {@code not_found}; {@code invalid_request} when label or organisation differ */
    Application change(UUID id, ApplicationRequest request) {
        require(id);
        int changed = statements.update(CHANGE, statement -> {
            int index = bind(statement, request);
            statement.setObject(index++, id);
            statement.setObject(index++, request.organisationId());
            statement.setString(index, request.label());
        });
        if (changed == 0) {
            throw ProtocolException.invalidRequest("organisationId and label do not change");
        }
        return require(id);
    }

    /** Its API keys go with it. Unknown ones are left alone. */
    boolean delete(UUID id) {
        return statements.update("delete from application where id = ?", statement -> statement.setObject(1, id)) > 0;
    }

    public Optional<Application> find(UUID id) {
        return statements.first(FIND, statement -> statement.setObject(1, id), Application::read);
    }

    /** @throws ProtocolException {@code not_found} */
    public Application require(UUID id) {
        return find(id).orElseThrow(
                        () -> new ProtocolException(OAuth2Error.NOT_FOUND, "The application was not found"));
    }

    /**
     * By label.
     *
     * @param organisationId null for every organisation's
     * @param search a part of the label, in whatever case; empty for every one
     */
    List<Application> list(UUID organisationId, String search, Page page) {
        return statements.all(
                LIST,
                statement -> {
                    statement.setObject(1, organisationId, Types.OTHER);
                    statement.setObject(2, organisationId, Types.OTHER);
                    statement.setString(3, search);
                    statement.setInt(4, page.size());
                    statement.setInt(5, page.first());
                },
                Application::read);
    }
}

package org.countersign.signer.seats;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.countersign.core.oauth2.GroupName;
import org.countersign.server.listing.Filter;
import org.countersign.server.persistence.Database;
import org.countersign.server.persistence.Statements;
import org.countersign.server.web.Page;
import org.hibernate.exception.GenericJDBCException;

/** Groups of tenants in the database. */
public final class Groups {

    private static final String ADD =
            "insert into seat_group (tenant, name, created_at) values (?, ?, ?) on conflict (tenant, name) do nothing";

    private static final String REMOVE = "delete from seat_group where tenant = ? and name = ?";

    private final Statements statements;

    public Groups(Database database) {
        this.statements = database.statements();
    }

    /** A group and how many people are in it. */
    public record Listed(GroupName name, long seats) {}

    /** @return false when there is one of this name */
    public boolean add(GroupName name, Instant now) {
        return statements.update(ADD, statement -> {
                    statement.setString(1, name.tenant());
                    statement.setString(2, name.group());
                    statement.setObject(3, now.atOffset(ZoneOffset.UTC));
                })
                == 1;
    }

    /** What became of one that was to be removed. */
    public enum Removal {
        DONE,
        NOT_THERE,
        SOMEBODY_IS_IN_IT
    }

    public Removal remove(GroupName name) {
        try {
            int removed = statements.update(REMOVE, statement -> {
                statement.setString(1, name.tenant());
                statement.setString(2, name.group());
            });
            return removed == 1 ? Removal.DONE : Removal.NOT_THERE;
        } catch (GenericJDBCException failure) {
            if (Statements.breaksForeignKey(failure)) {
                return Removal.SOMEBODY_IS_IN_IT;
            }
            throw failure;
        }
    }

    /** A page of the tenants' groups, by tenant and name. */
    public List<Listed> list(Set<String> tenants, Page page) {
        var filter = of(tenants);
        return statements.all(
                "select tenant, name, (select count(*) from seat s where s.tenant = g.tenant and s.group_name = g.name)"
                        + " as seats from seat_group g" + filter.where() + " order by tenant, name limit ? offset ?",
                statement -> filter.bind(statement, page),
                row -> new Listed(new GroupName(row.getString("name"), row.getString("tenant")), row.getLong("seats")));
    }

    public long count(Set<String> tenants) {
        var filter = of(tenants);
        return statements
                .first("select count(*) from seat_group" + filter.where(), filter::bind, row -> row.getLong(1))
                .orElseThrow();
    }

    private static Filter of(Set<String> tenants) {
        return new Filter().with("tenant = any(?)", tenants.toArray(String[]::new));
    }
}

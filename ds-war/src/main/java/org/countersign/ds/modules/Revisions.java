package org.countersign.ds.modules;

import org.countersign.server.persistence.Statements;
import org.hibernate.Session;

/** Counts changes of modules and answers to reset, so that each node knows whether what it has in memory still holds. */
final class Revisions {

    private final Statements statements;

    Revisions(Statements statements) {
        this.statements = statements;
    }

    long now(String what) {
        return statements
                .first(
                        "select revision from catalogue_revision where what = ?",
                        statement -> statement.setString(1, what),
                        row -> row.getLong(1))
                .orElseThrow();
    }

    /**
     * In the transaction of the change; changes so wait for each other. Not below the time in seconds, so that it goes up
     * after a database was restored as well.
     */
    static void changed(Session session, String what) {
        session.createNativeMutationQuery("update catalogue_revision set revision ="
                        + " greatest(revision + 1, cast(extract(epoch from now()) as bigint)) where what = :what")
                .setParameter("what", what)
                .executeUpdate();
    }
}

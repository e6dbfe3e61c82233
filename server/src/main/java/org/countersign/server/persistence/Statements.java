package org.countersign.server.persistence;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.hibernate.exception.GenericJDBCException;

/**
 * Single statements in plain JDBC, each its own transaction: for the path of every request, where mapping costs more than
 * the statement, and for conditional statements whose row count decides something.
 */
public final class Statements {

    private static final String FOREIGN_KEY = "23503";
    private static final String UNIQUE = "23505";

    private final DataSource dataSource;

    public Statements(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Sets the parameters. */
    @FunctionalInterface
    public interface Binding {
        void bind(PreparedStatement statement) throws SQLException;
    }

    /** Makes something of the current row. */
    @FunctionalInterface
    public interface Reading<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** The first row of a query, or of what a statement returns; what it changed is committed. */
    public <T> Optional<T> first(String sql, Binding binding, Reading<T> reading) {
        try (var connection = dataSource.getConnection();
                var statement = connection.prepareStatement(sql)) {
            binding.bind(statement);
            Optional<T> first;
            try (var row = statement.executeQuery()) {
                first = row.next() ? Optional.of(reading.read(row)) : Optional.empty();
            }
            commit(connection);
            return first;
        } catch (SQLException failure) {
            throw new GenericJDBCException("A query failed", failure, sql);
        }
    }

    /**
     * Every row of a query, or of what a statement returns, which must have an end that is known to be near; what it changed
     * is committed.
     */
    public <T> List<T> all(String sql, Binding binding, Reading<T> reading) {
        try (var connection = dataSource.getConnection();
                var statement = connection.prepareStatement(sql)) {
            binding.bind(statement);
            try (var row = statement.executeQuery()) {
                var all = new ArrayList<T>();
                while (row.next()) {
                    all.add(reading.read(row));
                }
                commit(connection);
                return all;
            }
        } catch (SQLException failure) {
            throw new GenericJDBCException("A query failed", failure, sql);
        }
    }

    /** @return how many rows were changed; they are committed */
    public int update(String sql, Binding binding) {
        try (var connection = dataSource.getConnection();
                var statement = connection.prepareStatement(sql)) {
            binding.bind(statement);
            int rows = statement.executeUpdate();
            commit(connection);
            return rows;
        } catch (SQLException failure) {
            throw new GenericJDBCException("A statement failed", failure, sql);
        }
    }

    /** Whether a statement failed because a row that others name would be gone, or one is named that is not there. */
    public static boolean breaksForeignKey(GenericJDBCException failure) {
        return failure.getSQLException() != null && FOREIGN_KEY.equals(failure.getSQLState());
    }

    /** Whether a statement failed because a row is there already. */
    public static boolean breaksUnique(GenericJDBCException failure) {
        return failure.getSQLException() != null && UNIQUE.equals(failure.getSQLState());
    }

    /** A server's own pool may hand out connections that do not commit by themselves. */
    private static void commit(Connection connection) throws SQLException {
        if (!connection.getAutoCommit()) {
            connection.commit();
        }
    }
}

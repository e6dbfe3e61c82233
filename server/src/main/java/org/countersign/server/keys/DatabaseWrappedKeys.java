package org.countersign.server.keys;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** Vault {@code PKCS12DBWebCertificate}: table {@code wrapped_key} of the context's PostgreSQL, one statement a call. */
public final class DatabaseWrappedKeys implements WrappedKeys {

    private static final String PUT = "insert into wrapped_key (credential_id, wrapped) values (?, ?)"
            + " on conflict (credential_id) do update set wrapped = excluded.wrapped";
    private static final String GET = "select wrapped from wrapped_key where credential_id = ?";
    private static final String REMOVE = "delete from wrapped_key where credential_id = ?";

    private static final UUID NOBODYS = new UUID(0, 0);

    private final DataSource dataSource;

    public DatabaseWrappedKeys(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public void put(UUID credentialId, byte[] wrapped) {
        execute(PUT, statement -> {
            statement.setObject(1, credentialId);
            statement.setBytes(2, wrapped);
            return statement.executeUpdate();
        });
    }

    @Override
    public Optional<byte[]> get(UUID credentialId) {
        return execute(GET, statement -> {
            statement.setObject(1, credentialId);
            try (var rows = statement.executeQuery()) {
                return rows.next() ? Optional.of(rows.getBytes(1)) : Optional.empty();
            }
        });
    }

    @Override
    public void remove(UUID credentialId) {
        execute(REMOVE, statement -> {
            statement.setObject(1, credentialId);
            return statement.executeUpdate();
        });
    }

    @Override
    public boolean isUsable() {
        try {
            get(NOBODYS);
            return true;
        } catch (IllegalStateException away) {
            return false;
        }
    }

    @FunctionalInterface
    private interface Work<T> {
        T apply(PreparedStatement statement) throws SQLException;
    }

    private <T> T execute(String sql, Work<T> work) {
        try (Connection connection = dataSource.getConnection();
                var statement = connection.prepareStatement(sql)) {
            var result = work.apply(statement);
            // A pool may hand out connections that do not commit by themselves.
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
            return result;
        } catch (SQLException failed) {
            throw new IllegalStateException("The database does not keep wrapped keys", failed);
        }
    }
}

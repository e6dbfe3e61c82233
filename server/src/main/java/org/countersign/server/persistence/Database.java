package org.countersign.server.persistence;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;
import org.countersign.core.configuration.ConfigurationException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.AvailableSettings;
import org.hibernate.cfg.Configuration;
import org.hibernate.engine.transaction.jta.platform.internal.NoJtaPlatform;

/**
 * A company's database: pool, migrated schema and {@link SessionFactory}, all built in code from the context's
 * configuration. There is no {@code persistence.xml}: the server would bring its own Hibernate with it, and two
 * versions of this product on one server must not share a persistence stack.
 */
public final class Database implements AutoCloseable {

    private static final int CONNECT_SECONDS = 30;
    private static final int BORROW_MILLISECONDS = 5_000;
    private static final int QUERY_SECONDS = 30;

    private static final int RESERVED = 2;

    /**
     * Requests wait for the disk once, not twice: whatever they change, they answer only after the audit log committed
     * their entry with {@code synchronous_commit} on, and the write-ahead log being one sequence, that makes every
     * earlier commit durable too. A crash of PostgreSQL in between loses a change that nobody was told of.
     */
    private static final String FLUSHED_BY_THE_AUDIT_LOG = "-c synchronous_commit=off";

    private final DataSource dataSource;
    private final DataSource reserved;
    private final SessionFactory sessions;

    private Database(DataSource dataSource, DataSource reserved, SessionFactory sessions) {
        this.dataSource = dataSource;
        this.reserved = reserved;
        this.sessions = sessions;
    }

    /**
     * Connects, migrates and maps.
     *
     * @param modules whose migrations to apply, in order; each has {@code db/migration/NAME} and its own history table
     * @throws ConfigurationException when the database can not be reached or migrated
     */
    public static Database open(DatabaseSettings settings, List<String> modules, List<Class<?>> entities) {
        var dataSource = settings.jndiName().isPresent()
                ? lookUp(settings.jndiName().get())
                : pool(settings, settings.maximumPoolSize(), FLUSHED_BY_THE_AUDIT_LOG);
        try {
            modules.forEach(module -> migrate(dataSource, module));
            var reserved = settings.jndiName().isPresent() ? dataSource : pool(settings, RESERVED, "");
            return new Database(dataSource, reserved, map(dataSource, entities));
        } catch (RuntimeException failure) {
            close(dataSource);
            throw failure;
        }
    }

    public DataSource dataSource() {
        return dataSource;
    }

    /**
     * A few connections of their own for who writes on behalf of requests that wait: the audit log. With a pool of the
     * server's it is that pool.
     */
    public DataSource reserved() {
        return reserved;
    }

    public SessionFactory sessions() {
        return sessions;
    }

    /** Whether a connection answers now. */
    public boolean isReachable() {
        try (var connection = dataSource.getConnection()) {
            return connection.isValid(2);
        } catch (SQLException away) {
            return false;
        }
    }

    @Override
    public void close() {
        sessions.close();
        close(reserved);
        close(dataSource);
    }

    private static void close(DataSource dataSource) {
        if (dataSource instanceof HikariDataSource pool) {
            pool.close();
        }
    }

    private static DataSource lookUp(String jndiName) {
        try {
            return InitialContext.doLookup(jndiName);
        } catch (NamingException | ClassCastException missing) {
            throw failed("datasource.jndiName: the server has no pool of this name", missing);
        }
    }

    private static DataSource pool(DatabaseSettings settings, int size, String options) {
        var config = new HikariConfig();
        config.setDriverClassName("org.postgresql.Driver");
        config.setJdbcUrl(settings.url());
        config.setUsername(settings.username());
        config.setPassword(settings.password());
        config.setMaximumPoolSize(size);
        config.setConnectionTimeout(BORROW_MILLISECONDS);
        config.setInitializationFailTimeout(CONNECT_SECONDS * 1000L);
        if (!options.isEmpty()) {
            config.addDataSourceProperty("options", options);
        }
        config.addDataSourceProperty("ApplicationName", "countersign");
        config.addDataSourceProperty("socketTimeout", QUERY_SECONDS);
        config.addDataSourceProperty("tcpKeepAlive", true);
        return guarded(
                "datasource: the database can not be reached with this url, username and password",
                () -> new HikariDataSource(config));
    }

    private static void migrate(DataSource dataSource, String module) {
        guarded("datasource: the schema of " + module + " could not be migrated", () -> {
            var flyway = Flyway.configure(Database.class.getClassLoader())
                    .dataSource(dataSource)
                    .locations("classpath:db/migration/" + module)
                    .table("schema_history_" + module)
                    .baselineOnMigrate(true)
                    .baselineVersion("0")
                    .failOnMissingLocations(true)
                    .load();
            var result = flyway.migrate();
            // Some class loaders let Flyway find nothing and call that success.
            if (flyway.info().all().length < 2) {
                throw new FlywayException("no migration of " + module + " was found in the application");
            }
            return result;
        });
    }

    private static SessionFactory map(DataSource dataSource, List<Class<?>> entities) {
        var configuration = new Configuration();
        entities.forEach(configuration::addAnnotatedClass);
        var properties = configuration.getProperties();
        properties.put(AvailableSettings.JAKARTA_NON_JTA_DATASOURCE, dataSource);
        properties.put(AvailableSettings.JTA_PLATFORM, NoJtaPlatform.class.getName());
        properties.put(AvailableSettings.TRANSACTION_COORDINATOR_STRATEGY, "jdbc");
        properties.put(AvailableSettings.JAKARTA_VALIDATION_MODE, "none");
        properties.put(AvailableSettings.TIMEZONE_DEFAULT_STORAGE, "NORMALIZE_UTC");
        properties.put(AvailableSettings.JDBC_TIME_ZONE, "UTC");
        properties.put(AvailableSettings.QUERY_STARTUP_CHECKING, false);
        return configuration.buildSessionFactory();
    }

    private static <T> T guarded(String description, Supplier<T> step) {
        try {
            return step.get();
        } catch (RuntimeException failure) {
            throw failed(description, failure);
        }
    }

    private static ConfigurationException failed(String description, Exception cause) {
        var failure = new ConfigurationException("the configuration of the database", List.of(description));
        failure.initCause(cause);
        return failure;
    }
}

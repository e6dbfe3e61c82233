package org.countersign.server.persistence;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    private static final int BORROW_MILLISECONDS = 2_000;
    /** Less, for those whose callers wait: a connection is always there unless the database is away. */
    private static final int RESERVED_BORROW_MILLISECONDS = 600;

    private static final int VALIDATION_MILLISECONDS = 500;
    private static final Map<String, String> EVERY_CONNECTION = Map.of(
            "ApplicationName", "countersign", "connectTimeout", "5", "loginTimeout", "5", "tcpKeepAlive", "true");

    /** A statement that got no answer for so long has lost its server; a migration may take as long as it needs. */
    private static final Map<String, String> LIMITED = Map.of("socketTimeout", "30");

    private static final int RESERVED = 2;
    /** Flyway holds a lock, the history and the migration's transaction at once. */
    private static final int MIGRATING = 3;

    /**
     * Requests wait for the disk once, not twice: whatever they change, they answer only after the audit log committed
     * their entry with {@code synchronous_commit} on, and the write-ahead log being one sequence, that makes every
     * earlier commit durable too. A crash of PostgreSQL in between loses a change that nobody was told of.
     */
    private static final Map<String, String> FLUSHED_BY_THE_AUDIT_LOG = Map.of("options", "-c synchronous_commit=off");

    private final DataSource dataSource;
    private final DataSource reserved;
    private final SessionFactory sessions;
    private final Statements statements;
    private final DatabaseWatch watch;

    private Database(
            DataSource dataSource, DataSource reserved, SessionFactory sessions, Map<String, String> versions) {
        this.dataSource = dataSource;
        this.reserved = reserved;
        this.sessions = sessions;
        this.statements = new Statements(dataSource);
        this.watch = new DatabaseWatch(this, versions);
    }

    /**
     * Connects, migrates and maps.
     *
     * @param modules whose migrations to apply, in order; each has {@code db/migration/NAME} and its own history table
     * @throws ConfigurationException when the database can not be reached or migrated
     */
    public static Database open(DatabaseSettings settings, List<String> modules, List<Class<?>> entities) {
        var versions = migrate(settings, modules);
        var dataSource = settings.jndiName().isPresent()
                ? lookUp(settings.jndiName().get())
                : pool(
                        settings,
                        settings.maximumPoolSize(),
                        BORROW_MILLISECONDS,
                        List.of(LIMITED, FLUSHED_BY_THE_AUDIT_LOG));
        try {
            var sessions = map(dataSource, entities);
            var reserved = reserved(settings, dataSource, sessions);
            var database = new Database(dataSource, reserved, sessions, versions);
            database.watch.start();
            return database;
        } catch (RuntimeException failure) {
            close(dataSource);
            throw failure;
        }
    }

    private static DataSource reserved(DatabaseSettings settings, DataSource dataSource, SessionFactory sessions) {
        if (settings.jndiName().isPresent()) {
            return dataSource;
        }
        try {
            return pool(settings, RESERVED, RESERVED_BORROW_MILLISECONDS, List.of(LIMITED));
        } catch (RuntimeException failure) {
            sessions.close();
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

    public Statements statements() {
        return statements;
    }

    /** Whether the database answered when it was last asked, a moment ago. Does not wait. */
    public boolean isReachable() {
        return watch.isAvailable();
    }

    /** Whether it had the schema that this version left behind at its start. Does not wait. */
    public boolean isMigrated() {
        return watch.isMigrated();
    }

    /** What the pools say of themselves, by who uses them; empty with a pool of the server's. */
    public Map<String, HikariPoolMXBean> pools() {
        return dataSource instanceof Pool requests && reserved instanceof Pool own
                ? Map.of("requests", requests.getHikariPoolMXBean(), "reserved", own.getHikariPoolMXBean())
                : Map.of();
    }

    void requestsAreRefused(boolean refused) {
        if (dataSource instanceof Pool pool) {
            pool.setAway(refused);
        }
    }

    /** Whether a connection for requests answers, although they are refused. */
    boolean requestsAreServed(int seconds) throws SQLException {
        try (var connection = dataSource instanceof Pool pool ? pool.probe() : dataSource.getConnection()) {
            return connection.isValid(seconds);
        }
    }

    @Override
    public void close() {
        watch.close();
        try {
            sessions.close();
        } finally {
            close(reserved);
            close(dataSource);
        }
    }

    private static void close(DataSource dataSource) {
        if (dataSource instanceof Pool pool) {
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

    /** @param properties of the driver, which takes strings only: it overlooks a number without a word */
    private static DataSource pool(
            DatabaseSettings settings, int size, int borrowMilliseconds, List<Map<String, String>> properties) {
        var config = new HikariConfig();
        config.setDriverClassName("org.postgresql.Driver");
        config.setJdbcUrl(settings.url());
        config.setUsername(settings.username());
        config.setPassword(settings.password());
        config.setMaximumPoolSize(size);
        config.setConnectionTimeout(borrowMilliseconds);
        config.setValidationTimeout(VALIDATION_MILLISECONDS);
        config.setInitializationFailTimeout(CONNECT_SECONDS * 1000L);
        EVERY_CONNECTION.forEach(config::addDataSourceProperty);
        properties.forEach(some -> some.forEach(config::addDataSourceProperty));
        return guarded("datasource: the database can not be reached with this url, username and password", () -> {
            // HikariCP sets it for the whole JVM, other companies' drivers included.
            int loginTimeout = DriverManager.getLoginTimeout();
            try {
                return new Pool(config);
            } finally {
                DriverManager.setLoginTimeout(loginTimeout);
            }
        });
    }

    private static String historyOf(String module) {
        return "schema_history_" + module;
    }

    /** @return the version of each history table then */
    private static Map<String, String> migrate(DatabaseSettings settings, List<String> modules) {
        var dataSource = settings.jndiName().isPresent()
                ? lookUp(settings.jndiName().get())
                : pool(settings, MIGRATING, BORROW_MILLISECONDS, List.of());
        try {
            var versions = new HashMap<String, String>();
            modules.forEach(module -> versions.put(historyOf(module), migrate(dataSource, module)));
            return versions;
        } finally {
            close(dataSource);
        }
    }

    private static String migrate(DataSource dataSource, String module) {
        return guarded("datasource: the schema of " + module + " could not be migrated", () -> {
            var flyway = Flyway.configure(Database.class.getClassLoader())
                    .dataSource(dataSource)
                    .locations("classpath:db/migration/" + module)
                    .table(historyOf(module))
                    .baselineOnMigrate(true)
                    .baselineVersion("0")
                    .failOnMissingLocations(true)
                    .load();
            NewerSchema.refuseUnlessRunnable(module, flyway.info().all());
            flyway.migrate();
            // Some class loaders let Flyway find nothing and call that success.
            if (flyway.info().all().length < 2) {
                throw new FlywayException("no migration of " + module + " was found in the application");
            }
            return flyway.info().current().getVersion().getVersion();
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
        } catch (ConfigurationException clear) {
            throw clear;
        } catch (RuntimeException failure) {
            throw failed(description, failure);
        }
    }

    static ConfigurationException failed(String description, Exception cause) {
        var failure = new ConfigurationException("the configuration of the database", List.of(description));
        failure.initCause(cause);
        return failure;
    }
}

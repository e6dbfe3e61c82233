package org.countersign.cli.database;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.countersign.cli.terminal.Refusal;
import org.countersign.server.persistence.DatabaseSettings;

/** The database that a company's configuration file names. */
public final class ConfiguredDatabase {

    private static final String CONNECT_SECONDS = "20";

    private ConfiguredDatabase() {}

    /**
     * Connects.
     *
     * @param source the file, for messages
     * @param application as which PostgreSQL lists the connection
     * @throws Refusal when the file names a pool of the server, or the database can not be reached; without the password
     */
    public static Connection connect(DatabaseSettings settings, String source, String application) {
        if (settings.jndiName().isPresent()) {
            throw Refusal.failed(source + " names a pool of the server, datasource.jndiName, which this command can not"
                    + " use: it needs url, username and password there.");
        }
        var properties = new Properties();
        properties.setProperty("user", settings.username());
        properties.setProperty("password", settings.password());
        properties.setProperty("ApplicationName", application);
        properties.setProperty("connectTimeout", CONNECT_SECONDS);
        try {
            return DriverManager.getConnection(settings.url(), properties);
        } catch (SQLException away) {
            throw Refusal.notRunning("The database that " + source + " names can not be reached: "
                    + (isQuoted(settings.url(), away) ? "datasource.url is not understood." : away.getMessage()));
        }
    }

    /** Words about the address itself have it, with the password that it may carry. */
    private static boolean isQuoted(String url, SQLException failure) {
        return failure.getMessage() == null
                || failure.getMessage().contains(url)
                || failure.getMessage().contains("URL");
    }
}

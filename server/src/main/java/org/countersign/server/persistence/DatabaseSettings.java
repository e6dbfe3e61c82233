package org.countersign.server.persistence;

import java.util.Map;
import java.util.Optional;
import org.countersign.core.configuration.ConfigurationObject;

/**
 * The {@code datasource} of a configuration file: either {@code url, username, password} or {@code jndiName}.
 *
 * @param jndiName a pool the server manages; then the other values are not used
 */
public record DatabaseSettings(
        Optional<String> jndiName, String url, String username, String password, int maximumPoolSize) {

    private static final String URL_PREFIX = "jdbc:postgresql:";
    private static final String DRIVER = "org.postgresql.Driver";
    private static final int DEFAULT_POOL = 16;

    public static DatabaseSettings read(ConfigurationObject file, Map<String, String> environment) {
        var jpa = file.object("jpaConfig");
        if (jpa.isPresent()) {
            jpa.accept("ddlAuto", "dialect");
            jpa.refuseUnknownKeys();
            file.problems()
                    .warning("jpaConfig", "is not used: the schema belongs to the versioned migrations; take it out");
        }
        var settings = file.object("datasource");
        if (!settings.isPresent()) {
            file.problems().error("datasource", "is required: {url, username, password} or {jndiName}");
        }
        var jndiName = settings.text("jndiName");
        var url = settings.resolved("url", environment);
        var username = settings.resolved("username", environment);
        var password = settings.resolved("password", environment);
        var driver = settings.text("drivername");
        int poolSize = settings.number("maximumPoolSize", DEFAULT_POOL, 2, 1000);
        settings.refuseUnknownKeys();
        driver.filter(name -> !name.equals(DRIVER))
                .ifPresent(name -> file.problems().error("datasource.drivername", "must be " + DRIVER));
        if (settings.isPresent() && jndiName.isEmpty()) {
            if (!settings.has("url")) {
                file.problems().error("datasource.url", "is required, unless jndiName names a pool of the server");
            }
            url.filter(value -> !value.startsWith(URL_PREFIX))
                    .ifPresent(value -> file.problems()
                            .error("datasource.url", "must begin with " + URL_PREFIX + " (PostgreSQL is supported)"));
            if (!settings.has("username")) {
                file.problems().error("datasource.username", "is required");
            }
        }
        return new DatabaseSettings(jndiName, url.orElse(""), username.orElse(""), password.orElse(""), poolSize);
    }

    /** Leaves the password out. */
    @Override
    public String toString() {
        return jndiName.map(name -> "pool " + name).orElse("database of user " + username);
    }
}

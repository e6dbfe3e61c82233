package org.countersign.server.wiring;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Map;
import java.util.Properties;
import org.countersign.core.configuration.ConfigurationException;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.wiring.Wiring;
import org.countersign.server.logging.ContextLogger;
import org.countersign.server.logging.LogFiles;
import org.countersign.server.tenancy.ConfigurationLocation;
import org.countersign.server.tenancy.ContextName;
import org.countersign.server.time.SynchronizedClock;
import org.countersign.server.web.DrainFilter;
import org.countersign.server.web.ErrorForm;

/**
 * Starts a context when the server deploys it and stops it with it. A wrong configuration refuses this deployment with
 * one message; the server and its other contexts go on. A WAR has one listener that extends it.
 */
@Wiring
public abstract class ContextLifecycle<C extends ProductConfiguration> implements ServletContextListener {

    private static final String ATTRIBUTE = StartedContext.class.getName();

    /** In the product's own category. */
    private final System.Logger log = ContextLogger.of(getClass());

    private final String product;
    private LogFiles logs;

    /** @param product {@code signer}, {@code ds} or {@code wallet} */
    protected ContextLifecycle(String product) {
        this.product = product;
    }

    /** @throws ConfigurationException with every error of the file in one message */
    protected abstract C read(Path file, ContextName context, Map<String, String> environment);

    /** Starts everything, or nothing: what was started before a failure is stopped again, the clock too. */
    protected abstract StartedContext start(C configuration, ContextOrigin origin, SynchronizedClock clock);

    @Override
    public final void contextInitialized(ServletContextEvent event) {
        var servletContext = event.getServletContext();
        var context = ContextName.ofPath(servletContext.getContextPath());
        var version = version();
        try {
            FirstUse.apart();
            var location =
                    new ConfigurationLocation(product, version).find(context, System.getProperties(), System.getenv());
            var configuration = read(location, context, System.getenv());
            var common = configuration.common();
            var entropy = Entropy.system();
            var clock = new SynchronizedClock(common.ntp(), Clock.systemUTC(), entropy);
            logs = LogFiles.open(common.loggers(), clock);
            configuration.warnings().forEach(warning -> log.log(System.Logger.Level.WARNING, "{0}", warning));
            var started = start(
                    configuration,
                    new ContextOrigin(
                            context, version, location, System.getenv(), temporaryFolder(servletContext), entropy),
                    clock);
            servletContext.setAttribute(ATTRIBUTE, started);
            servletContext.setAttribute(ErrorForm.class.getName(), started.errors());
            servletContext
                    .addFilter("drain", new DrainFilter(started.drain(), servletContext.getContextPath()))
                    .addMappingForUrlPatterns(null, false, "/*");
            log.log(System.Logger.Level.INFO, "Context {0} of {1} {2} is ready", context.deployed(), product, version);
        } catch (RuntimeException | Error refused) {
            log.log(
                    System.Logger.Level.ERROR,
                    "Context " + context.deployed() + " does not start: " + refused.getMessage(),
                    refused instanceof ConfigurationException ? refused.getCause() : refused);
            closeLogs();
            throw refused;
        }
    }

    @Override
    public final void contextDestroyed(ServletContextEvent event) {
        if (event.getServletContext().getAttribute(ATTRIBUTE) instanceof StartedContext started) {
            started.close();
        }
        closeLogs();
        deregisterDrivers();
    }

    private void closeLogs() {
        if (logs != null) {
            logs.close();
        }
    }

    /** The JVM's list of JDBC drivers would keep everything this WAR has loaded, at each deployment anew. */
    private void deregisterDrivers() {
        var mine = ContextLifecycle.class.getClassLoader();
        DriverManager.drivers()
                .filter(driver -> driver.getClass().getClassLoader() == mine)
                .toList()
                .forEach(driver -> {
                    try {
                        DriverManager.deregisterDriver(driver);
                    } catch (SQLException refused) {
                        log.log(System.Logger.Level.WARNING, "A JDBC driver stays registered", refused);
                    }
                });
    }

    static StartedContext startedIn(ServletContext servletContext) {
        return (StartedContext) servletContext.getAttribute(ATTRIBUTE);
    }

    private static Path temporaryFolder(ServletContext servletContext) {
        return ((File) servletContext.getAttribute(ServletContext.TEMPDIR)).toPath();
    }

    private String version() {
        var properties = new Properties();
        try (var in = getClass().getResourceAsStream("/META-INF/countersign.properties")) {
            properties.load(in);
            return properties.getProperty("version");
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}

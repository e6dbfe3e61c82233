package org.countersign.signer.wiring;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Properties;
import org.countersign.core.configuration.ConfigurationException;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.wiring.Wiring;
import org.countersign.server.tenancy.ConfigurationLocation;
import org.countersign.server.tenancy.ContextName;
import org.countersign.signer.configuration.SignerConfiguration;

/**
 * Starts a context when the server deploys it and stops it with it. A wrong configuration refuses this deployment with
 * one message; the server and its other contexts go on.
 */
@Wiring
public final class SignerLifecycle implements ServletContextListener {

    private static final System.Logger LOG = System.getLogger(SignerLifecycle.class.getName());
    private static final String ATTRIBUTE = Signer.class.getName();
    private static final String PRODUCT = "signer";

    @Override
    public void contextInitialized(ServletContextEvent event) {
        var servletContext = event.getServletContext();
        var context = ContextName.ofPath(servletContext.getContextPath());
        var version = version();
        try {
            var location =
                    new ConfigurationLocation(PRODUCT, version).find(context, System.getProperties(), System.getenv());
            var configuration = SignerConfiguration.read(location, context, System.getenv());
            var signer = Signer.start(
                    configuration,
                    context,
                    version,
                    System.getenv(),
                    temporaryFolder(servletContext),
                    Clock.systemUTC(),
                    Entropy.system());
            servletContext.setAttribute(ATTRIBUTE, signer);
            LOG.log(System.Logger.Level.INFO, "Context {0} of signer {1} is ready", context.deployed(), version);
        } catch (ConfigurationException refused) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "Context " + context.deployed() + " does not start: " + refused.getMessage(),
                    refused.getCause());
            throw refused;
        }
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
        if (event.getServletContext().getAttribute(ATTRIBUTE) instanceof Signer signer) {
            signer.close();
        }
    }

    static Signer signerOf(ServletContext servletContext) {
        return (Signer) servletContext.getAttribute(ATTRIBUTE);
    }

    private static Path temporaryFolder(ServletContext servletContext) {
        return ((File) servletContext.getAttribute(ServletContext.TEMPDIR)).toPath();
    }

    private static String version() {
        var properties = new Properties();
        try (var in = SignerLifecycle.class.getResourceAsStream("/META-INF/countersign.properties")) {
            properties.load(in);
            return properties.getProperty("version");
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}

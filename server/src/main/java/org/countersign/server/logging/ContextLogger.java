package org.countersign.server.logging;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.ResourceBundle;

/**
 * The one way to log: what is said goes to the application server's log, which has its own levels, and into the files of
 * the company whose context this class was loaded for. The server's levels are not touched, so one company's
 * {@code DEBUG} is nobody else's.
 */
public final class ContextLogger implements System.Logger {

    private final String name;
    private final System.Logger server;

    private ContextLogger(String name) {
        this.name = name;
        this.server = System.getLogger(name);
    }

    /** A class's own; its category is the class's name. */
    public static System.Logger of(Class<?> type) {
        return new ContextLogger(type.getName());
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public boolean isLoggable(Level level) {
        return server.isLoggable(level) || LogFiles.current().take(name, level);
    }

    @Override
    public void log(Level level, ResourceBundle bundle, String message, Throwable thrown) {
        server.log(level, bundle, message, thrown);
        LogFiles.current().write(name, level, message, thrown);
    }

    @Override
    public void log(Level level, ResourceBundle bundle, String format, Object... parameters) {
        server.log(level, bundle, format, parameters);
        var files = LogFiles.current();
        if (files.take(name, level)) {
            boolean plain = parameters == null || parameters.length == 0;
            files.write(name, level, plain ? format : new MessageFormat(format, Locale.ROOT).format(parameters), null);
        }
    }
}

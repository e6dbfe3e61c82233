package org.countersign.server.wiring;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import org.countersign.server.logging.ContextLogger;

/** What was started, to be stopped in the other order; one that fails does not keep the others. */
final class Closing implements AutoCloseable {

    private static final System.Logger LOG = ContextLogger.of(Closing.class);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    <T extends AutoCloseable> T later(T part) {
        parts.push(part);
        return part;
    }

    @Override
    public void close() {
        for (AutoCloseable part : new ArrayList<>(parts)) {
            try {
                part.close();
            } catch (Exception | LinkageError failure) {
                // Open Liberty undeploys when the file is gone: a class that was not needed before is then missing.
                LOG.log(System.Logger.Level.WARNING, "A part of the context did not stop cleanly", failure);
            }
        }
        parts.clear();
    }
}

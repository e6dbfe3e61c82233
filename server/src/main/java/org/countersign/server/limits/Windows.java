package org.countersign.server.limits;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Counts by name within windows of time, on this node, in bounded memory: of too many names the least recent are forgotten. */
public final class Windows {

    private static final class Window {
        private final Instant begin;
        private int count;

        Window(Instant begin) {
            this.begin = begin;
        }
    }

    private final Duration length;
    private final Clock clock;
    private final Map<String, Window> windows;

    public Windows(Duration length, int most, Clock clock) {
        this.length = length;
        this.clock = clock;
        this.windows = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Window> eldest) {
                return size() > most;
            }
        };
    }

    /** @return the count of this window, this one included */
    public synchronized int add(String name) {
        var now = clock.instant();
        var window = windows.get(name);
        if (window == null || hasEnded(window, now)) {
            window = new Window(now);
            windows.put(name, window);
        }
        if (window.count < Integer.MAX_VALUE) {
            window.count++;
        }
        return window.count;
    }

    /** The count of this window. */
    public synchronized int count(String name) {
        var window = windows.get(name);
        return window == null || hasEnded(window, clock.instant()) ? 0 : window.count;
    }

    /** How long until a name's window ends; zero when there is none. */
    public synchronized Duration remaining(String name) {
        var window = windows.get(name);
        var now = clock.instant();
        return window == null || hasEnded(window, now)
                ? Duration.ZERO
                : Duration.between(now, window.begin.plus(length));
    }

    /** One of the count was none. */
    public synchronized void takeBack(String name) {
        var window = windows.get(name);
        if (window != null && window.count > 0) {
            window.count--;
        }
    }

    /** As if it had not been counted. */
    public synchronized void forget(String name) {
        windows.remove(name);
    }

    synchronized int size() {
        return windows.size();
    }

    private boolean hasEnded(Window window, Instant now) {
        return !now.isBefore(window.begin.plus(length)) || now.isBefore(window.begin);
    }
}

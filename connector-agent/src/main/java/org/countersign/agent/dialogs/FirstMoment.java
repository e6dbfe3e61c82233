package org.countersign.agent.dialogs;

/**
 * In which a window takes no yes: a click or a key then was meant for what was there before. It begins when the window comes, and each
 * time it gets the keyboard. Times are in ms since 1970, as events have them.
 */
final class FirstMoment {

    static final long LENGTH = 700;

    private long since;

    FirstMoment(long now) {
        since = now;
    }

    void begin(long now) {
        since = now;
    }

    /** @param when the click or key was */
    boolean isOver(long when) {
        return when - since >= LENGTH;
    }
}

package org.countersign.agent.dialogs;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What a window shows.
 *
 * @param title of the window, one line
 * @param text lines, plain: no part of it is markup for anybody
 * @param yes on the button that agrees
 * @param no on the button that does not, which Enter presses
 * @param patience after which the answer is no
 */
record Window(Level level, Position position, String title, String text, String yes, String no, Duration patience) {

    /** How serious it looks. */
    enum Level {
        INFORMATION,
        QUESTION,
        WARNING,
        ERROR;

        static Optional<Level> of(String wireName) {
            return named(values(), wireName);
        }
    }

    /** Where on the screen. */
    enum Position {
        STANDARD,
        CENTER,
        LEFT,
        RIGHT,
        TOP,
        TOP_LEFT,
        TOP_RIGHT,
        BOTTOM,
        BOTTOM_LEFT,
        BOTTOM_RIGHT;

        static Optional<Position> of(String wireName) {
            return named(values(), wireName);
        }
    }

    private static <T extends Enum<T>> Optional<T> named(T[] values, String wireName) {
        return Arrays.stream(values)
                .filter(value -> value.name().toLowerCase(Locale.ROOT).equals(wireName))
                .findFirst();
    }
}

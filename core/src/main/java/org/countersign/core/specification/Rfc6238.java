package org.countersign.core.specification;

import java.time.Duration;

/** RFC 6238, TOTP: Time-Based One-Time Password Algorithm. https://www.rfc-editor.org/rfc/rfc6238 */
public final class Rfc6238 {

    /** §4.1 time step X, the default. */
    public static final Duration TIME_STEP = Duration.ofSeconds(30);
    /** §5.2: steps accepted before and after the current one, for clocks apart and slow fingers. */
    public static final int WINDOW_STEPS = 1;
    /** What authenticator apps show. */
    public static final int DIGITS = 6;
    /** RFC 4226 §4 R6: the recommended length of the shared secret, 160 bits. */
    public static final int SECRET_BYTES = 20;

    private Rfc6238() {}
}

package org.countersign.core.wiring;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the few places that may take time and randomness from the machine and hand them to everything else. The build
 * refuses {@code Instant.now()}, {@code new SecureRandom()} and their kin anywhere without this mark.
 */
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface Wiring {}

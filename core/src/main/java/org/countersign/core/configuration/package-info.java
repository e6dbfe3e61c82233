/**
 * Configuration files: JSON with comments, every error reported at once, unknown keys answered with their nearest
 * neighbour, secrets by reference. Used by every context at start and by the command line. What the keys mean is with
 * the features that read them.
 */
package org.countersign.core.configuration;

/** Randomness, handed in from wiring and nowhere made on the spot. Used by every module. */
package org.countersign.core.entropy;

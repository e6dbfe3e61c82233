/**
 * Readers and cards of this machine by PC/SC, as they come and go. Reading goes over a snapshot that a thread of its own
 * keeps; no request waits for a reader. Called by {@code Main} and the token modules.
 */
package org.countersign.agent.readers;

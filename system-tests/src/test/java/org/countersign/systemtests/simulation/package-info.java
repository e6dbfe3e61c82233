/**
 * Many devices of a distribution service at once: {@code ./countersign simulate-devices}, see docs/benchmark.md. Each has its
 * own key and signs each call; at the end the database has to hold exactly what they sent. Out of scope: what agents do with
 * what they are told, and networks between them and the service.
 */
package org.countersign.systemtests.simulation;

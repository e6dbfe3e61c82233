/**
 * What a signature costs, measured on the machine at hand: {@code ./countersign benchmark}, see docs/benchmark.md. Raw
 * signatures and the server's are measured in turns in one run, so that both meet the same machine. Out of scope: other
 * people's networks and disks.
 */
package org.countersign.systemtests.benchmark;

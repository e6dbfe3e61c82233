/**
 * {@code countersign company}: moves one company at a time from one version to another, and back. A move is a row of
 * steps, each of which looks at the world (deployments, health, front, database) whether it is done and does what is
 * missing; so the same command after a crash goes on. {@code Move} is the row, everything else is what a step acts on.
 */
package org.countersign.cli.company;

/**
 * A WildFly process: its own base directory, ports, environment and deployments. For {@code countersign up}, the black
 * box tests and the benchmark; what is deployed, and with which settings, the caller says.
 */
package org.countersign.cli.wildfly;

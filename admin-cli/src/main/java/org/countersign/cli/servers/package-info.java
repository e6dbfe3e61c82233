/**
 * An application server's process, WildFly or Open Liberty: its own folder, ports, environment and deployments. For
 * {@code countersign up}, the black box tests and the benchmark; what is deployed, and with which settings, the caller
 * says. {@link org.countersign.cli.servers.Deployments} alone serves whoever deploys on a server that somebody else started.
 */
package org.countersign.cli.servers;

/**
 * The figures of one context in Prometheus' text form, and who may read them. A context has a {@code Metrics} of its own,
 * never a registry shared with others on the server. Labels have few values, all known beforehand: no client, seat,
 * credential or address is one, and no path as it was sent.
 */
package org.countersign.server.metrics;

/**
 * The clock of a context: the machine's, put right by an NTP server (RFC 5905) when the configuration file names one.
 * One clock for everything in a context, since its times are compared with each other and with those of other nodes.
 */
package org.countersign.server.time;

/**
 * HTTP and HTTPS on this machine's loopback addresses: the gate that every request passes before anything of it is looked
 * at, the routes behind it, and how answers look. Called by {@code Main}; knows none of the features.
 */
package org.countersign.agent.loopback;

/**
 * The link to the distribution service: a thread of its own that registers, synchronises and sends transactions. Whoever
 * waits for the service, no call of a page does, unless it is about the service itself.
 */
package org.countersign.agent.link;

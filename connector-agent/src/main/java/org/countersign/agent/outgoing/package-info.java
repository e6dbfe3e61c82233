/** The agent's own calls: few, bounded in time and size, verified TLS. Who makes one waits in a thread of its own. */
package org.countersign.agent.outgoing;

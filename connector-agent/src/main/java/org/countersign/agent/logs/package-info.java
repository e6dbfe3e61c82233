/** Where the log goes. */
package org.countersign.agent.logs;

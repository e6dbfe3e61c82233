/** What was done for which application, kept on disk until the distribution service has it. */
package org.countersign.agent.transactions;

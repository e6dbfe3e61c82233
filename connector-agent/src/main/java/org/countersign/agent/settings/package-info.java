/** What can be set, where each value comes from, and what is wrong with it. Read once, at start. */
package org.countersign.agent.settings;

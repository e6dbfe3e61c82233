/** Plain Java 17, no Jakarta EE: what the servers and the agent share. Depends on no other module. */
package org.countersign.core;

/** Periodic clearing of expired rows. Started and stopped with a context. */
package org.countersign.server.housekeeping;

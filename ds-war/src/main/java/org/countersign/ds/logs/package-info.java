/** Log files that devices send for the support desk. */
package org.countersign.ds.logs;

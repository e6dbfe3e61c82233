/** The one regular call of a device: what it reports and what it is told. */
package org.countersign.ds.sync;

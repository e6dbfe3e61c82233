/** What the lists for operators have in common: CSV, batches of what goes. */
package org.countersign.ds.listing;

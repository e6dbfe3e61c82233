/** What the lists for operators have in common: filters, pages, CSV, batches of what goes. */
package org.countersign.ds.listing;

/** The conditions of lists that operators ask for. */
package org.countersign.server.listing;

/** People and the groups that keep some of a tenant's apart from its others. */
package org.countersign.signer.seats;

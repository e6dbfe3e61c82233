/** What devices did, once each; searched by operators. */
package org.countersign.ds.transactions;

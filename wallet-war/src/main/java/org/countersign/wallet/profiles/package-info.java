/** The configuration that a wallet fetches anew. */
package org.countersign.wallet.profiles;

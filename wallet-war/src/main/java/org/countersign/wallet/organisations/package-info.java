/** Whose people have wallets, and how those are configured. */
package org.countersign.wallet.organisations;

/** Random values that wallets fetch before they sign, each good once. */
package org.countersign.wallet.nonces;

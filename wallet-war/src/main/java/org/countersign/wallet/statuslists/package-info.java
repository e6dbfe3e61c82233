/** Which wallets were revoked (Token Status List). */
package org.countersign.wallet.statuslists;

/** What wallets sign to authenticate, verified (RFC 7523). */
package org.countersign.wallet.assertions;

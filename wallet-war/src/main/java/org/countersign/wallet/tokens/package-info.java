/** Short-lived access tokens, bound to the wallet's key. */
package org.countersign.wallet.tokens;

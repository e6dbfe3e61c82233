/** The change of a PIN by the wallet itself. */
package org.countersign.wallet.pins;

/** Who may have a wallet: invited, blocked and unlocked by operators. */
package org.countersign.wallet.users;

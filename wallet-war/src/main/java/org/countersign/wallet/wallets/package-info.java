/** Wallets in use: key and PIN of each, in the database. */
package org.countersign.wallet.wallets;

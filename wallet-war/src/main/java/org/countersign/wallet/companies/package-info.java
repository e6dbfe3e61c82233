/** Keys of companies, and what wallets of legal persons sign with them. */
package org.countersign.wallet.companies;

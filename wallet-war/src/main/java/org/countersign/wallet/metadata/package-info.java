/** Keys, endpoints and algorithms, for whoever asks. */
package org.countersign.wallet.metadata;

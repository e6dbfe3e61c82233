/** Puts a context together from its configuration and ties it to the server's life cycle. Nothing depends on it. */
package org.countersign.wallet.wiring;

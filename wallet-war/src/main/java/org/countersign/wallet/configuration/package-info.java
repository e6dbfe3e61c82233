/** What a context's configuration file says, checked. */
package org.countersign.wallet.configuration;

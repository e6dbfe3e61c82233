/** What a signer's configuration file says, read and checked once at start. Read by {@code wiring}. */
package org.countersign.signer.configuration;

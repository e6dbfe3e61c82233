/** Operators look at a service's signing keys and rotate them. The signer, whose tokens for agents are a side of it, lets age do that. */
package org.countersign.server.signingkeys;

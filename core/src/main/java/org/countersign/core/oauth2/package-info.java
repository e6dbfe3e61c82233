/** OAuth 2.0 words that need no server: scopes and the seats they name, proofs of possession. */
package org.countersign.core.oauth2;

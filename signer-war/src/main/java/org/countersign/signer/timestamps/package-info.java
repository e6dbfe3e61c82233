/** Time stamps of an authority that the configuration names (RFC 3161). */
package org.countersign.signer.timestamps;

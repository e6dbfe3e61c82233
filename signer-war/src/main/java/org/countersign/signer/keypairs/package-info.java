/** Key pairs of new credentials, the vaults they go to, and the request for a certificate (RFC 2986). */
package org.countersign.signer.keypairs;

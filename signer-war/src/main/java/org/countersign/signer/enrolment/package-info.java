/**
 * Certificates of credentials from the authority of their tenant, by Enrollment over Secure Transport (RFC 7030): requests for
 * them and for those of renewals. Out of scope: re-enrolment by the holder's own TLS certificate, keys made by the authority,
 * attributes of requests, CMC.
 */
package org.countersign.signer.enrolment;

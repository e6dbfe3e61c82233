/**
 * Users as a company's directory keeps them: SCIM 2.0 (RFC 7643, RFC 7644) beside the operators' API, for the same clients, each
 * organisation at an address of its own (RFC 7644 §6.1). What its clients send beyond what is kept is ignored. Out of scope: groups, bulk
 * requests, sorting, passwords.
 */
package org.countersign.wallet.scim;

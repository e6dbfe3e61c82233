/**
 * What the black box tests and the benchmark stand on: a real server with its companies, an HTTP client with one method
 * per call of the API, a holder with PIN and authenticator, a certificate authority, and openssl as the second opinion.
 */
package org.countersign.systemtests.harness;

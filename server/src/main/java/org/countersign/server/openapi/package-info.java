/**
 * The description of a context's API (OpenAPI 3.1.0), as a document and as a page. The document is written by hand, since
 * the errors of a call and the order of its members are nowhere in the code to be taken from; a test of each WAR compares
 * it with the code.
 */
package org.countersign.server.openapi;

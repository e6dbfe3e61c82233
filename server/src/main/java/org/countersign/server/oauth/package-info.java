/**
 * The authorization server inside a context: clients, access tokens, who may call what (RFC 6749 §4.4, RFC 6750,
 * RFC 7009, RFC 7662; the seed's "OAuth Clients" and "Authorization"). Resources ask {@link
 * org.countersign.server.oauth.Caller}; wiring registers the rest. Out of scope: users and log-in pages.
 */
package org.countersign.server.oauth;

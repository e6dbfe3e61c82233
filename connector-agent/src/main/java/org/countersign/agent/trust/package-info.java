/**
 * Whom tokens are believed: issuers by name, their keys by JWKS, kept on disk so that an agent without a network goes on.
 * RFC 7515, RFC 7517, RFC 7519. Called by the gate.
 */
package org.countersign.agent.trust;

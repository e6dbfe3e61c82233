/** A relying party of OpenID Connect Core 1.0: the authorization code flow with PKCE, for one provider. */
package org.countersign.server.openid;

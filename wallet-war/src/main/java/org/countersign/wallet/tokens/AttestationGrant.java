package org.countersign.wallet.tokens;

import org.countersign.server.web.Form;

/** Attestations at the token endpoint, for the grant type of RFC 7523 §2.1: what a wallet app that was shipped before asks for. */
@FunctionalInterface
public interface AttestationGrant {

    /** @return a compact JWS */
    String attest(Form form);
}

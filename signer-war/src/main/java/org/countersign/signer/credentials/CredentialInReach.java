package org.countersign.signer.credentials;

import org.countersign.core.error.ProtocolException;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Caller;
import org.countersign.signer.configuration.AuthorizationConfigurations;
import org.countersign.signer.factors.AuthorizationConfiguration;

/** A credential that a generator is setting up, with its authorization configuration. */
public record CredentialInReach(Credential credential, AuthorizationConfiguration configuration) {

    /** @throws ProtocolException when the caller is no generator, or the credential is not in its reach or not there */
    public static CredentialInReach of(
            Caller caller, String credentialId, Credentials credentials, AuthorizationConfigurations authorizations) {
        caller.require(ApiGroup.GENERATOR);
        var credential = credentials.requireCreatedBy(caller, credentialId);
        return new CredentialInReach(credential, authorizations.of(credential.configurationId()));
    }
}

package org.countersign.signer.wiring;

import java.util.List;
import org.countersign.server.issuing.ConnectorAudience;
import org.countersign.server.issuing.ConnectorSettings;
import org.countersign.server.issuing.ConnectorTokens;
import org.countersign.server.issuing.JwksResource;
import org.countersign.server.issuing.PrivateKeys;
import org.countersign.server.issuing.SigningKeys;
import org.countersign.server.keys.Argon2Cost;
import org.countersign.server.keys.DatabaseWrappedKeys;
import org.countersign.server.keys.FactorSecrets;
import org.countersign.server.keys.MasterSecret;
import org.countersign.server.keys.SoftwareKeyVault;
import org.countersign.server.oauth.AudienceTokens;
import org.countersign.server.wiring.ContextParts;

/** Tokens that local agents accept, for the signer's clients with {@code apiGroup:connector}. */
record Connector(SigningKeys keys, AudienceTokens tokens) {

    static Connector start(ConnectorSettings settings, MasterSecret master, ContextParts parts) {
        var vault = new SoftwareKeyVault(
                new DatabaseWrappedKeys(parts.database().dataSource()), master, parts.provider(), parts.entropy());
        var secrets = new FactorSecrets(master, Argon2Cost.DEFAULT, parts.entropy());
        var keys = parts.closeLater(SigningKeys.start(
                parts.database(),
                new PrivateKeys(vault, secrets, parts.entropy()),
                settings.keys(),
                parts.audit(),
                parts.clock()));
        return new Connector(
                keys,
                new ConnectorAudience(new ConnectorTokens(keys, settings.issuer(), parts.entropy(), parts.clock())));
    }

    JwksResource jwks() {
        return new JwksResource(keys);
    }

    List<Runnable> chores() {
        return List.of(keys::rotateWhenDue, keys::destroyRetired);
    }
}

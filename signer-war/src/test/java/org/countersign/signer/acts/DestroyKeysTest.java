package org.countersign.signer.acts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.oauth2.SeatName;
import org.countersign.server.audit.AnchorKey;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.audit.AuditSettings;
import org.countersign.server.audit.FileAnchor;
import org.countersign.server.keys.ActivationKey;
import org.countersign.server.keys.DatabaseWrappedKeys;
import org.countersign.server.keys.KeyAlgorithm;
import org.countersign.server.keys.MasterSecret;
import org.countersign.server.keys.SignatureProvider;
import org.countersign.server.keys.SoftwareKeyVault;
import org.countersign.server.oauth.SeatGroups;
import org.countersign.signer.TestDatabase;
import org.countersign.signer.credentials.Credential;
import org.countersign.signer.credentials.Credentials;
import org.countersign.signer.credentials.KeyPair;
import org.countersign.signer.factors.AuthorizationConfiguration;
import org.countersign.signer.factors.PinPolicy;
import org.countersign.signer.keypairs.Vaults;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A key whose vault can not be asked while its credential is deleted. */
class DestroyKeysTest {

    private static final Entropy ENTROPY = Entropy.system();
    private static final AuthorizationConfiguration NO_FACTORS =
            new AuthorizationConfiguration("x", "explicit", java.util.Set.of(), PinPolicy.DEFAULT, 5, 2);

    @TempDir
    Path anchors;

    private TestDatabase postgres;
    private AuditLog audit;

    @BeforeEach
    void start() throws Exception {
        postgres = new TestDatabase();
        var key = AnchorKey.derive(new byte[32]);
        audit = AuditLog.start(
                AuditSettings.of("node", "test"),
                postgres.database().reserved(),
                FileAnchor.open(anchors, key.publicKey()),
                key,
                Clock.systemUTC(),
                ENTROPY);
    }

    @AfterEach
    void stop() throws Exception {
        audit.close();
        postgres.close();
    }

    @Test
    void is_destroyed_once_the_vault_is_there_again_and_that_is_audited() {
        var database = postgres.database();
        var wrapped = new DatabaseWrappedKeys(database.dataSource());
        var vault =
                new SoftwareKeyVault(wrapped, new MasterSecret(new byte[32]), SignatureProvider.jdk(ENTROPY), ENTROPY);
        var condemned = new CondemnedKeys(database, Clock.systemUTC());
        var keyId = ENTROPY.uuid();
        var credential = credential(keyId, vault);
        var without = new DestroyKeys(condemned, new Vaults(Map.of(), Map.of()), audit);
        var with = new DestroyKeys(condemned, new Vaults(Map.of("v", vault), Map.of()), audit);

        var left = condemned.delete(credential).get(0);
        assertThat(without.destroy(left)).isFalse();
        without.again();
        assertThat(wrapped.get(keyId)).isPresent();
        assertThat(entries(credential)).isZero();

        with.again();
        assertThat(wrapped.get(keyId)).isEmpty();
        assertThat(condemned.in("v")).isEmpty();
        with.again();
        assertThat(entries(credential)).isEqualTo(1);
    }

    private UUID credential(UUID keyId, SoftwareKeyVault vault) {
        var credentials = new Credentials(postgres.database(), SeatGroups.NONE);
        var credential = Credential.create(
                ENTROPY.uuid(), new SeatName("jdoe", "acme"), "acme", "x", 1, java.time.Instant.EPOCH);
        credentials.add(credential);
        try (var activation = new ActivationKey(new byte[ActivationKey.LENGTH])) {
            var key = vault.generate(keyId, KeyAlgorithm.EC_P256, activation);
            credentials.setKeyPair(
                    credential.id(),
                    NO_FACTORS,
                    new KeyPair(keyId, "v", KeyAlgorithm.EC_P256, key.getEncoded(), new byte[32]));
        }
        return credential.id();
    }

    private long entries(UUID credential) {
        return postgres.database()
                .statements()
                .first(
                        "select count(*) from audit_entry where type = 'key.destroyed' and credential = ?",
                        statement -> statement.setString(1, credential.toString()),
                        row -> row.getLong(1))
                .orElseThrow();
    }
}

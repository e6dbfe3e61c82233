package org.countersign.wallet.initialisation;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.countersign.core.jose.Base64Url;
import org.countersign.core.jose.CompactJws;
import org.countersign.core.jose.Es256;
import org.countersign.core.jose.P256PublicKey;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.wallet.assertions.Assertion;
import org.countersign.wallet.assertions.AssertionVerifier;
import org.countersign.wallet.keyattestations.AttestedKey;
import org.countersign.wallet.keyattestations.BadKeyAttestation;
import org.countersign.wallet.keyattestations.KeyAttestations;
import org.countersign.wallet.nonces.Nonces;
import org.countersign.wallet.profiles.WalletConfigurations;
import org.countersign.wallet.statuslists.StatusLists;

/** Registers a wallet's key and PIN for the user who was invited. Whatever is wrong, the refusal is the same. */
public final class InitialiseWallet {

    private static final int LONGEST_PASSWORD = 128;
    static final int LONGEST_KEY_ATTESTATION = 16_384;
    private static final int LONGEST_LOGIN = 254;

    private final AssertionVerifier assertions;
    private final Es256 es256;
    private final Nonces nonces;
    private final Invitations invitations;
    private final KeyAttestations keyAttestations;
    private final WalletAttestations attestations;
    private final WalletConfigurations configurations;
    private final StatusLists lists;
    private final AuditLog audit;

    public InitialiseWallet(
            AssertionVerifier assertions,
            Es256 es256,
            Nonces nonces,
            Invitations invitations,
            KeyAttestations keyAttestations,
            WalletAttestations attestations,
            WalletConfigurations configurations,
            StatusLists lists,
            AuditLog audit) {
        this.assertions = assertions;
        this.es256 = es256;
        this.nonces = nonces;
        this.invitations = invitations;
        this.keyAttestations = keyAttestations;
        this.attestations = attestations;
        this.configurations = configurations;
        this.lists = lists;
        this.audit = audit;
    }

    /**
     * What a wallet begins with.
     *
     * @param configuration a compact JWS
     */
    record Initialised(Attestations attestations, String configuration) {}

    /**
     * @param assertion a JWS by the authentication key
     * @param keyProof a JWS over the nonce by the attestation key
     * @throws org.countersign.core.error.ProtocolException {@code invalid_client} when anything is wrong with them, the login, the
     *     password or the invitation
     */
    Initialised initialise(String assertion, String keyProof) {
        var verified = assertions.verifyInitialisation(assertion);
        var thumbprint = Base64Url.encode(verified.key().thumbprint());
        var attestationKey = attestationKey(verified, keyProof);
        var login = verified.text("login", LONGEST_LOGIN);
        var password = verified.text("password", LONGEST_PASSWORD);
        var keyAttestation = verified.text("key_attestation", LONGEST_KEY_ATTESTATION);
        if (!thumbprint.equals(verified.issuer())
                || attestationKey.isEmpty()
                || login.isEmpty()
                || password.isEmpty()
                || keyAttestation.isEmpty()
                || !nonces.take(verified.nonce())) {
            throw AssertionVerifier.refused();
        }
        var invited = invitations.find(login.get(), password.get()).orElseThrow(AssertionVerifier::refused);
        var verifiedKey = verified(invited, attestationKey.get(), keyAttestation.get(), verified.nonce());
        // before the transaction: signing may have to look for newer keys, which takes another connection
        var configuration = configurations.sign(invited.member());
        var begun = invitations
                .accept(
                        invited,
                        verified,
                        new Invitations.AttestationKey(attestationKey.get(), keyAttestation.get(), verifiedKey),
                        statusIndex -> attestations.sign(attestationKey.get(), verifiedKey, statusIndex))
                .orElseThrow(AssertionVerifier::refused);
        var event = AuditEvent.success("wallet.initialised")
                .detail("login", invited.member().login().text())
                .detail("key", thumbprint);
        if (begun.wallet().isPresent()) {
            event = event.detail("wallet", begun.wallet().get());
        }
        if (verifiedKey.isPresent()) {
            event = event.detail("keyType", verifiedKey.get().keyType());
        }
        if (begun.revoked().isPresent()) {
            lists.forget();
            event = event.detail("revoked", begun.revoked().get());
        }
        audit.append(event);
        return new Initialised(begun.attestations(), configuration);
    }

    /** What can be told of the key. Nothing of a guest's, of whom nothing is registered. */
    private Optional<AttestedKey> verified(
            Invitations.Invited invited, P256PublicKey key, String keyAttestation, String nonce) {
        if (invited.member().login().isGuest()) {
            return Optional.empty();
        }
        try {
            return keyAttestations.verify(keyAttestation, key, nonce, invited.requiredKey());
        } catch (BadKeyAttestation refused) {
            audit.append(AuditEvent.failure("wallet.key-refused")
                    .detail("login", invited.member().login().text())
                    .detail("reason", refused.getMessage()));
            throw AssertionVerifier.refused();
        }
    }

    /** {@code cnf.jwk}, another key than the authentication key, whose holder signed the nonce. */
    private Optional<P256PublicKey> attestationKey(Assertion assertion, String keyProof) {
        return Optional.ofNullable(assertion.jws().claims().get("cnf"))
                .filter(Map.class::isInstance)
                .map(cnf -> ((Map<?, ?>) cnf).get("jwk"))
                .filter(Map.class::isInstance)
                .flatMap(jwk -> P256PublicKey.of((Map<?, ?>) jwk))
                .filter(key -> !key.equals(assertion.key()))
                .filter(key -> CompactJws.payload(keyProof, key, es256)
                        .map(payload -> new String(payload, StandardCharsets.UTF_8))
                        .equals(Optional.of(assertion.nonce())));
    }
}

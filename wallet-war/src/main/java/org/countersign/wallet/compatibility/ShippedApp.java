package org.countersign.wallet.compatibility;

import java.time.Clock;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.jose.Base64Url;
import org.countersign.core.jose.Es256;
import org.countersign.core.specification.Rfc7523;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.issuing.SigningKeys;
import org.countersign.server.keys.SecretHash;
import org.countersign.server.persistence.Statements;
import org.countersign.server.web.Form;
import org.countersign.wallet.assertions.AssertionVerifier;
import org.countersign.wallet.initialisation.Invitations;
import org.countersign.wallet.initialisation.WalletAttestations;
import org.countersign.wallet.nonces.Nonces;
import org.countersign.wallet.profiles.WalletConfigurations;
import org.countersign.wallet.statuslists.StatusLists;
import org.countersign.wallet.tokens.AttestationGrant;

/** What the shipped app asks for, step by step. Whatever is wrong, the refusal is the same as everywhere. */
public final class ShippedApp implements AttestationGrant {

    private final AttestationRequests requests;
    private final ShippedAppAttestations attestations;
    private final ShippedAppWallets wallets;
    private final Invitations invitations;
    private final Nonces nonces;
    private final WalletConfigurations configurations;
    private final StatusLists lists;
    private final AuditLog audit;

    /** The rest of the provider that it works with. */
    public record Provider(
            SigningKeys keys,
            WalletAttestations attestations,
            StatusLists lists,
            Invitations invitations,
            Nonces nonces,
            WalletConfigurations configurations,
            SecretHash hashes) {}

    public ShippedApp(
            Provider provider, Statements statements, Es256 es256, AuditLog audit, Entropy entropy, Clock clock) {
        this.requests = new AttestationRequests(clock, es256);
        this.attestations = new ShippedAppAttestations(
                provider.keys(), provider.attestations(), provider.lists(), statements, clock);
        this.wallets = new ShippedAppWallets(statements, provider.hashes(), entropy);
        this.invitations = provider.invitations();
        this.nonces = provider.nonces();
        this.configurations = provider.configurations();
        this.lists = provider.lists();
        this.audit = audit;
    }

    /** An attestation for whatever key signed the request: whose it is shows when the wallet begins. */
    @Override
    public String attest(Form form) {
        var request = requests.verify(form.require(Rfc7523.ASSERTION))
                .filter(verified -> nonces.take(verified.nonce()))
                .orElseThrow(AssertionVerifier::refused);
        return attestations.sign(request.key());
    }

    /** The begin of a wallet: its configuration for an invitation, which is used up, and a fresh attestation, which is too. */
    String begin(String authorization, String attestation, String address) {
        nonces.count(address);
        var attested = attestations.verify(attestation).orElseThrow(AssertionVerifier::refused);
        var shown = BasicPassword.parse(authorization).orElseThrow(AssertionVerifier::refused);
        var invited = invitations.find(shown.login(), shown.password()).orElseThrow(AssertionVerifier::refused);
        var configuration = configurations.sign(invited.member());
        var begun = invitations
                .accept(invited, attested.key(), attested.statusIndex())
                .orElseThrow(AssertionVerifier::refused);
        var event = AuditEvent.success("wallet.initialised")
                .detail("login", shown.login())
                .detail("key", Base64Url.encode(attested.key().thumbprint()))
                .detail("wallet", begun.wallet())
                .detail("profile", "compatibility");
        if (begun.revoked().isPresent()) {
            lists.forget();
            event = event.detail("revoked", begun.revoked().get());
        }
        audit.append(event);
        return configuration;
    }

    /** The configuration anew, for the password that the wallet began with. */
    String update(String authorization, String attestation, String address) {
        nonces.count(address);
        var attested = attestations.verifyHoweverOld(attestation).orElseThrow(AssertionVerifier::refused);
        var shown = BasicPassword.parse(authorization).orElseThrow(AssertionVerifier::refused);
        var wallet = wallets.authenticate(shown, attested.key()).orElseThrow(AssertionVerifier::refused);
        var configuration = configurations.sign(wallet.member());
        audit.append(AuditEvent.success("wallet.updated")
                .detail("wallet", wallet.id())
                .detail("login", shown.login())
                .detail("profile", "compatibility"));
        return configuration;
    }
}

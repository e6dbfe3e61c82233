package org.countersign.wallet.wallets;

import java.util.Optional;
import java.util.UUID;
import org.countersign.core.error.ProtocolException;
import org.countersign.wallet.organisations.Member;

/**
 * Who is let in.
 *
 * @param wallet none of a guest, of whom nothing is registered
 */
public record WalletHolder(Optional<UUID> wallet, Member member) {

    /** @throws ProtocolException {@code access_denied} for guests */
    public WalletInUse requireWallet() {
        return wallet.map(id -> new WalletInUse(id, member)).orElseThrow(ProtocolException::accessDenied);
    }
}

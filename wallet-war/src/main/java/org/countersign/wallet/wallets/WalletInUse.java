package org.countersign.wallet.wallets;

import java.util.UUID;
import org.countersign.wallet.organisations.Member;

/** A wallet that is neither revoked nor locked, of a user who is not blocked. */
public record WalletInUse(UUID id, Member member) {}

package org.countersign.wallet.profiles;

import java.net.URI;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.countersign.server.issuing.SigningKeys;
import org.countersign.wallet.organisations.Member;
import org.countersign.wallet.organisations.WalletFor;

/** Signs the configuration of a wallet: the organisation's profile, whose wallet it is, and how a legal person signs. */
public final class WalletConfigurations {

    /** {@code typ} of these JWTs. */
    public static final String TYPE = "wallet-configuration+jwt";

    private final SigningKeys keys;
    private final URI issuer;
    private final Clock clock;

    public WalletConfigurations(SigningKeys keys, URI issuer, Clock clock) {
        this.keys = keys;
        this.issuer = issuer;
        this.clock = clock;
    }

    /** A compact JWS. It has no end: the wallet keeps it until it fetches another. */
    public String sign(Member member) {
        return keys.sign(TYPE, claims(member));
    }

    /** What it says. */
    Map<String, Object> claims(Member member) {
        var claims = new LinkedHashMap<>(member.profile().parts());
        claims.put("iss", issuer.toString());
        claims.put("sub", member.login().text());
        claims.put("iat", clock.instant().getEpochSecond());
        claims.put("walletFor", member.walletFor().text());
        if (member.walletFor() == WalletFor.LP) {
            member.companySignature().ifPresent(company -> claims.put("companySignature", company.claims()));
        }
        return claims;
    }
}

package org.countersign.wallet.companies;

import java.util.HexFormat;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.jose.Base64Url;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.wallet.organisations.WalletFor;
import org.countersign.wallet.wallets.WalletInUse;

/** Signs a digest with a key of the company whose wallet asks. No signature leaves without its entry in the audit log. */
public final class SignHash {

    private static final int DIGEST_BYTES = 32;

    private final CompanyKeys keys;
    private final AuditLog audit;

    public SignHash(CompanyKeys keys, AuditLog audit) {
        this.keys = keys;
        this.audit = audit;
    }

    /**
     * @param message a SHA-256 digest in base64url, which is signed as it is
     * @return ES256's 64 bytes in base64url
     * @throws ProtocolException {@code access_denied} for wallets of natural persons, {@code not_found} for any key that is not the
     *     company's, {@code invalid_request} for a message that is no digest
     */
    String sign(WalletInUse wallet, String message, String kid) {
        var member = wallet.member();
        if (member.walletFor() != WalletFor.LP) {
            throw ProtocolException.accessDenied();
        }
        var digest = Base64Url.decode(message)
                .filter(bytes -> bytes.length == DIGEST_BYTES)
                .orElseThrow(() -> ProtocolException.invalidRequest("message must be a SHA-256 digest in base64url"));
        var signature = keys.sign(member.organisation(), kid, digest).orElseThrow(CompanyKeys::notFound);
        audit.append(AuditEvent.success("company-key.signed")
                .detail("organisation", member.organisation())
                .detail("wallet", wallet.id())
                .detail("login", member.login().text())
                .detail("kid", kid)
                .detail("hash", HexFormat.of().formatHex(digest)));
        return Base64Url.encode(signature);
    }
}

package org.countersign.wallet.tokens;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.WalletError;
import org.countersign.core.jose.P256PublicKey;
import org.countersign.server.persistence.Batches;
import org.countersign.server.persistence.Statements;
import org.countersign.wallet.organisations.Member;
import org.countersign.wallet.proofs.Proofs;
import org.countersign.wallet.wallets.WalletHolder;
import org.countersign.wallet.wallets.Wallets;

/**
 * Opaque access tokens of wallets, bound to the authentication key. The database has their SHA-256 and is asked each time, so a wallet
 * that is revoked or locked is at once without them.
 */
public final class WalletTokens {

    static final Duration VALIDITY = Duration.ofMinutes(5);

    private static final Pattern AUTHORIZATION = Pattern.compile("(?i:(bearer|dpop)) +([A-Za-z0-9_-]{43})");
    private static final String ISSUE =
            "insert into wallet_token (token_hash, user_id, wallet_id, thumbprint, proven, expires_at)"
                    + " values (?, ?, ?, ?, ?, ?)";
    private static final String FIND = "select t.wallet_id, t.thumbprint, t.proven, " + Member.COLUMNS
            + " from wallet_token t join wallet_user u on u.id = t.user_id" + Member.JOIN
            + " left join wallet w on w.id = t.wallet_id where t.token_hash = ? and t.expires_at > ?"
            + " and (t.wallet_id is null and u.blocked_at is null or " + Wallets.IN_USE + ")";

    private final Statements statements;
    private final Proofs proofs;
    private final Entropy entropy;
    private final Clock clock;

    public WalletTokens(Statements statements, Proofs proofs, Entropy entropy, Clock clock) {
        this.statements = statements;
        this.proofs = proofs;
        this.entropy = entropy;
        this.clock = clock;
    }

    private record Found(WalletHolder holder, byte[] thumbprint, boolean proven) {}

    /**
     * A new one.
     *
     * @param key that it is bound to
     * @param proven whether it was asked for with a proof: then it counts with the scheme {@code DPoP} only
     */
    String issue(WalletHolder holder, P256PublicKey key, boolean proven) {
        var token = entropy.token();
        statements.update(ISSUE, statement -> {
            statement.setBytes(1, hash(token));
            statement.setObject(2, holder.member().user());
            statement.setObject(3, holder.wallet().orElse(null));
            statement.setBytes(4, key.thumbprint());
            statement.setBoolean(5, proven);
            statement.setObject(6, now().plus(VALIDITY));
        });
        return token;
    }

    /**
     * Who calls a resource (RFC 9449 §7): the token, and the one proof that goes with it, which is used up.
     *
     * @param authorization the header, or null
     * @param dpop the values of the header {@code DPoP}
     * @param path of a POST, such as {@code /update-configuration}
     * @throws ProtocolException {@code invalid_token}, {@code invalid_dpop_proof} or {@code use_dpop_nonce}
     */
    public WalletHolder authenticate(String authorization, List<String> dpop, String path) {
        return authenticate(authorization, dpop, path, false);
    }

    /**
     * The same, for what opens neither a key nor a PIN: with the scheme {@code Bearer} a proof with {@code exp} alone will do, which is
     * what a wallet app sends.
     */
    public WalletHolder authenticateLeniently(String authorization, List<String> dpop, String path) {
        return authenticate(authorization, dpop, path, true);
    }

    private WalletHolder authenticate(String authorization, List<String> dpop, String path, boolean leniently) {
        var shown = AUTHORIZATION.matcher(authorization == null ? "" : authorization);
        if (!shown.matches()) {
            throw badToken();
        }
        boolean bearer = "bearer".equalsIgnoreCase(shown.group(1));
        var token = shown.group(2);
        var proof = proofs.verify(dpop, path, Optional.of(token), leniently && bearer)
                .orElseThrow(WalletTokens::badProof);
        proofs.requireNonce(proof, WalletError.USE_DPOP_NONCE);
        var found = find(token)
                // RFC 9449 §7.1: a token asked for with a proof is not one of the other scheme
                .filter(of -> !(of.proven() && bearer))
                .filter(of -> MessageDigest.isEqual(of.thumbprint(), proof.key().thumbprint()))
                .orElseThrow(WalletTokens::badToken);
        if (!proofs.use(proof)) {
            throw badProof();
        }
        return found.holder();
    }

    private Optional<Found> find(String token) {
        return statements.first(
                FIND,
                statement -> {
                    statement.setBytes(1, hash(token));
                    statement.setObject(2, now());
                },
                row -> new Found(
                        new WalletHolder(Optional.ofNullable(row.getObject("wallet_id", UUID.class)), Member.read(row)),
                        row.getBytes("thumbprint"),
                        row.getBoolean("proven")));
    }

    /** The chore: forgets those that have expired. */
    public void purge() {
        Batches.delete(statements, "wallet_token", "expires_at", clock.instant());
    }

    private OffsetDateTime now() {
        return OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC);
    }

    private static byte[] hash(String token) {
        return DigestUtils.sha256(token.getBytes(StandardCharsets.US_ASCII));
    }

    /** That the token is not, or no longer, one of a wallet in use. */
    public static ProtocolException badToken() {
        return new ProtocolException(WalletError.INVALID_TOKEN, "The access token was not accepted");
    }

    private static ProtocolException badProof() {
        return new ProtocolException(WalletError.INVALID_DPOP_PROOF, "The DPoP proof was not accepted");
    }
}

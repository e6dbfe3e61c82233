package org.countersign.server.keys;

import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.UUID;
import org.apache.commons.codec.digest.HmacAlgorithms;
import org.apache.commons.codec.digest.HmacUtils;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.keys.KeyNotOpenedException.Reason;
import org.countersign.server.keys.TokenProcess.Answer;
import org.countersign.server.keys.token.Fields;
import org.countersign.server.keys.token.Frame.Reply;
import org.countersign.server.keys.token.Frame.Request;

/**
 * Keys made in a PKCS#11 token, which they never leave: sensitive, not extractable, for signatures alone. Their label is
 * {@code countersign} and the key's name; their identifier (CKA_ID) is the name's HMAC-SHA256 under the activation key. So
 * nobody finds a key to sign with whom the holder's factors have not given the activation key, though the token itself
 * would let any call of this server sign.
 */
public final class TokenKeyVault implements KeyVault {

    private static final String IDENTIFIER = "countersign token key v1 ";

    private final Token token;

    public TokenKeyVault(Token token) {
        this.token = token;
    }

    /** @throws ProtocolException invalid_request when the token makes no such keys; temporarily_unavailable */
    @Override
    public PublicKey generate(UUID keyId, KeyAlgorithm algorithm, ActivationKey activation) {
        for (byte[] curve : TokenAlgorithms.curves(algorithm)) {
            var answer = token.callOnce(
                    Request.GENERATE,
                    TokenAlgorithms.generating(algorithm, curve)
                            .bytes(identifier(keyId, activation))
                            .bytes(label(keyId))
                            .content());
            if (answer.reply() != Reply.NOT_OFFERED) {
                return TokenAlgorithms.publicKey(algorithm, fields(answer));
            }
        }
        throw ProtocolException.invalidRequest("The tenant's key vault makes no keys of " + algorithm);
    }

    @Override
    public SigningKey open(UUID keyId, ActivationKey activation) {
        var identifier = identifier(keyId, activation);
        var answer = token.call(
                Request.FIND,
                Fields.empty().bytes(identifier).bytes(label(keyId)).content());
        if (answer.reply() == Reply.ABSENT) {
            throw new KeyNotOpenedException(Reason.ABSENT);
        }
        if (answer.reply() == Reply.ANOTHER_IDENTIFIER) {
            throw new KeyNotOpenedException(Reason.WRONG_ACTIVATION_KEY);
        }
        return new TokenKey(keyId, identifier, TokenAlgorithms.algorithm(fields(answer)));
    }

    @Override
    public void destroy(UUID keyId) {
        fields(token.call(Request.DESTROY, Fields.empty().bytes(label(keyId)).content()));
    }

    @Override
    public boolean isUsable() {
        return token.isUsable();
    }

    private final class TokenKey implements SigningKey {

        private final UUID keyId;
        private final byte[] identifier;
        private final KeyAlgorithm algorithm;

        private TokenKey(UUID keyId, byte[] identifier, KeyAlgorithm algorithm) {
            this.keyId = keyId;
            this.identifier = identifier;
            this.algorithm = algorithm;
        }

        @Override
        public KeyAlgorithm algorithm() {
            return algorithm;
        }

        @Override
        public byte[] sign(SignatureAlgorithm signatureAlgorithm, byte[] hash) {
            signatureAlgorithm.requireFits(algorithm);
            signatureAlgorithm.requireLength(hash);
            var request = Fields.empty().bytes(identifier).bytes(label(keyId));
            TokenAlgorithms.signing(request, signatureAlgorithm, algorithm, hash);
            var answer = token.call(Request.SIGN, request.content());
            if (answer.reply() == Reply.NOT_OFFERED) {
                throw ProtocolException.invalidRequest("The tenant's key vault does not sign with this signAlgo");
            }
            if (answer.reply() == Reply.ABSENT) {
                throw new KeyNotOpenedException(Reason.ABSENT);
            }
            return TokenAlgorithms.signature(signatureAlgorithm, fields(answer));
        }

        @Override
        public void close() {
            // Nothing of it is here.
        }
    }

    private static byte[] identifier(UUID keyId, ActivationKey activation) {
        var key = activation.bytes();
        try {
            return new HmacUtils(HmacAlgorithms.HMAC_SHA_256, key).hmac(IDENTIFIER + keyId);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    private static byte[] label(UUID keyId) {
        return ("countersign " + keyId).getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] fields(Answer answer) {
        if (answer.reply() != Reply.DONE) {
            throw new IllegalStateException("The token failed: " + answer.text());
        }
        return answer.content();
    }
}

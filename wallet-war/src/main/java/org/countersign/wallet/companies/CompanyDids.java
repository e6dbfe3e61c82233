package org.countersign.wallet.companies;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.ECPublicKey;
import java.util.List;
import java.util.UUID;
import org.apache.commons.codec.binary.Base58;
import org.countersign.server.issuing.JwksResource.Jwk;
import org.countersign.wallet.companies.DidResource.DidDocument;
import org.countersign.wallet.companies.DidResource.VerificationMethod;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;

/**
 * The decentralized identifiers (DID Core 1.0) of companies whose keys are held here: {@code did:web} of an organisation, whose document has
 * its keys, and {@code did:key} of one key.
 */
public final class CompanyDids {

    private static final List<String> CONTEXT =
            List.of("https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1");
    /** Of multicodec: {@code p256-pub}, 0x1200, as an unsigned varint. */
    private static final byte[] P256_PUB = {(byte) 0x80, 0x24};
    /** Of multibase: base58btc. */
    private static final char BASE58 = 'z';

    private static final int COORDINATE = 32;

    private final String prefix;

    /** @param issuer the context's address */
    public CompanyDids(URI issuer) {
        var web = new StringBuilder("did:web:").append(issuer.getHost());
        if (issuer.getPort() >= 0) {
            web.append("%3A").append(issuer.getPort());
        }
        this.prefix = web.append(issuer.getRawPath().replace('/', ':'))
                .append(":organisations:")
                .toString();
    }

    /** {@code did:web}, whose document is {@code organisations/ID/did.json} below the context. */
    String web(UUID organisation) {
        return prefix + organisation;
    }

    /** The DID URL of a key in that document. */
    String method(UUID organisation, String kid) {
        return web(organisation) + '#' + kid;
    }

    /** @param keys those that sign */
    DidDocument document(UUID organisation, List<CompanyKey> keys) {
        var did = web(organisation);
        var methods = keys.stream()
                .map(key -> new VerificationMethod(
                        method(organisation, key.kid()), "JsonWebKey2020", did, Jwk.parse(key.jwk())))
                .toList();
        return new DidDocument(
                CONTEXT,
                did,
                methods,
                methods.stream().map(VerificationMethod::id).toList());
    }

    /**
     * @param jwk on P-256, as JSON
     * @return {@code did:key:z…}, of the compressed point (SEC 1 §2.3.3)
     */
    static String key(String jwk) {
        try {
            var point =
                    ((ECPublicKey) PublicJsonWebKey.Factory.newPublicJwk(jwk).getPublicKey()).getW();
            var bytes = new byte[P256_PUB.length + 1 + COORDINATE];
            System.arraycopy(P256_PUB, 0, bytes, 0, P256_PUB.length);
            bytes[P256_PUB.length] = (byte) (point.getAffineY().testBit(0) ? 3 : 2);
            var x = point.getAffineX().toByteArray();
            int used = Math.min(x.length, COORDINATE);
            System.arraycopy(x, x.length - used, bytes, bytes.length - used, used);
            return "did:key:" + BASE58 + new String(new Base58().encode(bytes), StandardCharsets.US_ASCII);
        } catch (JoseException changed) {
            throw new IllegalStateException("A stored JWK is malformed", changed);
        }
    }
}

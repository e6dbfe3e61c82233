package org.countersign.wallet.companies;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.ECPublicKey;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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

    private static final String DID_KEY = "did:key:";
    /** Of multibase: base58btc. */
    private static final char BASE58 = 'z';

    private static final int COORDINATE = 32;

    private static final Pattern DID_CHARACTER = Pattern.compile("[A-Za-z0-9._%-]");
    private static final Pattern IP_ADDRESS = Pattern.compile("\\[.*|[0-9.]+");

    private final Optional<String> prefix;

    /** @param issuer the context's address; an IP address is no domain name, which did:web wants */
    public CompanyDids(URI issuer) {
        this.prefix = Optional.of(issuer)
                .filter(address -> !IP_ADDRESS.matcher(address.getHost()).matches())
                .map(CompanyDids::prefix);
    }

    private static String prefix(URI issuer) {
        var web = new StringBuilder("did:web:").append(issuer.getHost());
        if (issuer.getPort() >= 0) {
            web.append("%3A").append(issuer.getPort());
        }
        for (char character : issuer.getRawPath().toCharArray()) {
            var text = String.valueOf(character);
            if (character == '/') {
                web.append(':');
            } else if (DID_CHARACTER.matcher(text).matches()) {
                web.append(text);
            } else {
                web.append(String.format(Locale.ROOT, "%%%02X", (int) character));
            }
        }
        return web.append(":organisations:").toString();
    }

    /** {@code did:web}, whose document is {@code organisations/ID/did.json} below the context. */
    Optional<String> web(UUID organisation) {
        return prefix.map(text -> text + organisation);
    }

    /** DID URLs of a key. */
    List<String> methods(UUID organisation, CompanyKey key) {
        var own = key(key.jwk());
        return Stream.concat(
                        web(organisation).map(did -> did + '#' + key.kid()).stream(),
                        Stream.of(own + '#' + own.substring(DID_KEY.length())))
                .toList();
    }

    /**
     * @param did {@link #web}
     * @param keys those that sign
     */
    static DidDocument document(String did, List<CompanyKey> keys) {
        var methods = keys.stream()
                .map(key -> new VerificationMethod(did + '#' + key.kid(), "JsonWebKey2020", did, Jwk.parse(key.jwk())))
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
            return DID_KEY + BASE58 + new String(new Base58().encode(bytes), StandardCharsets.US_ASCII);
        } catch (JoseException changed) {
            throw new IllegalStateException("A stored JWK is malformed", changed);
        }
    }
}

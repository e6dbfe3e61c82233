package org.countersign.server.keys;

import java.util.List;

/** Loaded once more by the class loaders of {@link NativeProviderTest}. */
public final class SignatureSmoke {

    private SignatureSmoke() {}

    public static void sign(SignatureProvider provider) {
        for (var algorithm : List.of(KeyAlgorithm.RSA_2048, KeyAlgorithm.EC_P256, KeyAlgorithm.ED25519)) {
            var pair = provider.generate(algorithm);
            try (var key = provider.open(pair.getPrivate().getEncoded())) {
                for (var signatureAlgorithm : algorithm.signatureAlgorithms()) {
                    key.sign(signatureAlgorithm, signatureAlgorithm.digest(new byte[] {1}));
                }
            }
        }
    }
}

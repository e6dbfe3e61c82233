package org.countersign.core.x509;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.operator.ContentSigner;

/** Signs what Bouncy Castle builds with a key that lives elsewhere. */
final class SignatureFunction implements ContentSigner {

    private final AlgorithmIdentifier algorithm;
    private final UnaryOperator<byte[]> signature;
    private final ByteArrayOutputStream toBeSigned = new ByteArrayOutputStream();

    SignatureFunction(AlgorithmIdentifier algorithm, UnaryOperator<byte[]> signature) {
        this.algorithm = algorithm;
        this.signature = signature;
    }

    @Override
    public AlgorithmIdentifier getAlgorithmIdentifier() {
        return algorithm;
    }

    @Override
    public OutputStream getOutputStream() {
        return toBeSigned;
    }

    @Override
    public byte[] getSignature() {
        return signature.apply(toBeSigned.toByteArray());
    }
}

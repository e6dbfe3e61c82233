package org.countersign.signer.ades;

import eu.europa.esig.dss.xades.validation.XAdESSignature;
import java.lang.reflect.Field;
import java.security.Provider;
import java.util.Map;
import org.apache.xml.security.algorithms.JCEMapper;
import org.apache.xml.security.algorithms.SignatureAlgorithm;
import org.apache.xml.security.algorithms.SignatureAlgorithmSpi;
import org.apache.xml.security.algorithms.implementations.SignatureBaseRSA;
import org.apache.xml.security.exceptions.XMLSecurityException;
import org.apache.xml.security.signature.XMLSignature;
import org.apache.xml.security.signature.XMLSignatureException;

/**
 * Apache Santuario asks for algorithms by the name of a provider in the JVM's list, which DSS would have it be Bouncy Castle. Here it takes
 * what the JVM has, and for PSS, which the JVM has under another name, a provider that is in no list.
 */
final class XmlSignatures {

    private static final Provider OWN = new OwnProvider();

    private static final Map<String, Class<? extends SignatureAlgorithmSpi>> PSS = Map.of(
            XMLSignature.ALGO_ID_SIGNATURE_RSA_SHA256_MGF1, Sha256.class,
            XMLSignature.ALGO_ID_SIGNATURE_RSA_SHA384_MGF1, Sha384.class,
            XMLSignature.ALGO_ID_SIGNATURE_RSA_SHA512_MGF1, Sha512.class);

    private XmlSignatures() {}

    /** @throws IllegalStateException when Santuario is another than expected */
    static void setUp() {
        try {
            // Has DSS do what it does to Santuario, so that it does not do it afterwards.
            Class.forName(XAdESSignature.class.getName());
            JCEMapper.setProviderId(null);
            var known = known();
            for (var pss : PSS.entrySet()) {
                known.remove(pss.getKey());
                SignatureAlgorithm.register(pss.getKey(), pss.getValue());
            }
        } catch (ReflectiveOperationException | XMLSecurityException another) {
            throw new IllegalStateException("The library of XML signatures is another than expected", another);
        }
    }

    /** What is registered can not be registered anew. */
    private static Map<?, ?> known() throws ReflectiveOperationException {
        Field field = SignatureAlgorithm.class.getDeclaredField("algorithmHash");
        field.setAccessible(true);
        return (Map<?, ?>) field.get(null);
    }

    /** Made by Santuario, as the others. */
    public static final class Sha256 extends SignatureBaseRSA.SignatureRSASHA256MGF1 {

        public Sha256() throws XMLSignatureException {
            super(OWN);
        }
    }

    /** Likewise. */
    public static final class Sha384 extends SignatureBaseRSA.SignatureRSASHA384MGF1 {

        public Sha384() throws XMLSignatureException {
            super(OWN);
        }
    }

    /** Likewise. */
    public static final class Sha512 extends SignatureBaseRSA.SignatureRSASHA512MGF1 {

        public Sha512() throws XMLSignatureException {
            super(OWN);
        }
    }
}

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
import org.apache.xml.security.transforms.Transform;
import org.apache.xml.security.transforms.Transforms;

/**
 * Apache Santuario asks for algorithms by the name of a provider in the JVM's list, which DSS would have it be Bouncy Castle. Here it takes
 * what the JVM has, and for PSS, which the JVM has under another name, a provider that is in no list. Of the transforms, XSLT is taken out:
 * it is a program of whoever wrote the document, and would run here.
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
            var known = known(SignatureAlgorithm.class, "algorithmHash");
            for (var pss : PSS.entrySet()) {
                known.remove(pss.getKey());
                SignatureAlgorithm.register(pss.getKey(), pss.getValue());
            }
            if (known(Transform.class, "transformSpiHash").remove(Transforms.TRANSFORM_XSLT) == null) {
                throw new NoSuchFieldException(Transforms.TRANSFORM_XSLT);
            }
        } catch (ReflectiveOperationException | XMLSecurityException another) {
            throw new IllegalStateException("The library of XML signatures is another than expected", another);
        }
    }

    /** What is registered can not be registered anew, or no more. */
    private static Map<?, ?> known(Class<?> of, String name) throws ReflectiveOperationException {
        Field field = of.getDeclaredField(name);
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

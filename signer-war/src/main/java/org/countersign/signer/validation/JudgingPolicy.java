package org.countersign.signer.validation;

import eu.europa.esig.dss.enumerations.Level;
import eu.europa.esig.dss.model.policy.ValidationPolicy;
import eu.europa.esig.dss.policy.EtsiValidationPolicy;
import eu.europa.esig.dss.policy.ValidationPolicyFacade;
import eu.europa.esig.dss.policy.jaxb.Algo;
import eu.europa.esig.dss.policy.jaxb.BasicSignatureConstraints;
import eu.europa.esig.dss.policy.jaxb.CertificateConstraints;
import eu.europa.esig.dss.policy.jaxb.ConstraintsParameters;
import java.io.IOException;
import java.io.InputStream;

/**
 * What a signature has to have: DSS's policy, with two differences. That nothing says whether a certificate was revoked is a warning, as
 * nothing is fetched; and Ed25519 is an algorithm like the others.
 */
final class JudgingPolicy {

    private static final String OF_DSS = "/policy/constraint.xml";
    private static final String EDDSA = "EdDSA";
    private static final int EDDSA_BYTES = 24;

    private JudgingPolicy() {}

    /** Read by the first request, as not every context has one. */
    private static final class Read {

        private static final ValidationPolicy POLICY = read();

        private Read() {}
    }

    static ValidationPolicy policy() {
        return Read.POLICY;
    }

    private static ValidationPolicy read() {
        try (InputStream in = ValidationPolicyFacade.class.getResourceAsStream(OF_DSS)) {
            var policy = ValidationPolicyFacade.newFacade().unmarshall(in);
            var signature = policy.getSignatureConstraints().getBasicSignatureConstraints();
            warnWithoutRevocationData(signature);
            warnWithoutRevocationData(policy.getCounterSignatureConstraints().getBasicSignatureConstraints());
            warnWithoutRevocationData(policy.getTimestamp().getBasicSignatureConstraints());
            takeEd25519(policy);
            return new EtsiValidationPolicy(policy);
        } catch (IOException failure) {
            throw new IllegalStateException("The policy of DSS can not be read", failure);
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception failure) {
            throw new IllegalStateException("The policy of DSS is another than expected", failure);
        }
    }

    private static void warnWithoutRevocationData(BasicSignatureConstraints constraints) {
        warnWithoutRevocationData(constraints.getSigningCertificate());
        warnWithoutRevocationData(constraints.getCACertificate());
    }

    private static void warnWithoutRevocationData(CertificateConstraints constraints) {
        constraints.getRevocationDataAvailable().setLevel(Level.WARN);
    }

    private static void takeEd25519(ConstraintsParameters policy) {
        var cryptographic = policy.getCryptographic();
        cryptographic.getAcceptableEncryptionAlgo().getAlgos().add(algorithm(null));
        cryptographic.getMiniPublicKeySize().getAlgos().add(algorithm(EDDSA_BYTES));
        cryptographic.getAlgoExpirationDate().getAlgos().add(algorithm(null));
    }

    private static Algo algorithm(Integer size) {
        var algorithm = new Algo();
        algorithm.setValue(EDDSA);
        if (size != null) {
            algorithm.setSize(size);
        }
        return algorithm;
    }
}

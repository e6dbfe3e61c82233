package org.countersign.signer.documents;

import eu.europa.esig.dss.model.DSSDocument;

/** One signature of one document: what is to be signed, and what comes of it once that is signed. */
interface DocumentSignature {

    /** @return what {@link org.countersign.server.keys.SignatureAlgorithm#digest} takes */
    byte[] dataToSign(DSSDocument document);

    DSSDocument sign(DSSDocument document, byte[] signature);
}

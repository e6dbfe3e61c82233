package org.countersign.signer.csc;

import org.countersign.server.keys.SignatureAlgorithm;
import org.countersign.signer.documents.SignDocuments.Authorized;
import org.countersign.signer.documents.Upload;

/** One of the signatures that {@code signatures/signDoc} is to make. */
interface WantedSignature {

    SignatureAlgorithm algorithm();

    /** Whether the document has its signature inside. */
    boolean isEnveloped();

    /**
     * With the hash that the holder authorized.
     *
     * @param files where a document is kept meanwhile
     */
    Authorized authorized(String credentialId, Upload files, int number);
}

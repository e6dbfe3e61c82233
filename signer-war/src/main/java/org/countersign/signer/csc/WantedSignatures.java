package org.countersign.signer.csc;

import java.util.List;
import org.countersign.core.error.ProtocolException;
import org.countersign.signer.activation.AuthorizeCredential;
import org.countersign.signer.activation.AuthorizeCredential.Wanted;
import org.countersign.signer.activation.AuthorizeCredential.Wish;

/**
 * How many signatures {@code credentials/authorize} asks for, and of what.
 *
 * @param hashName the parameter of the hashes
 */
record WantedSignatures(int number, List<byte[]> hashes, String hashName) {

    static WantedSignatures of(CscRequest request, String hashName) {
        int number = request.requiredInteger("numSignatures");
        if (number < 1) {
            throw ProtocolException.invalidRequest("Invalid value for parameter numSignatures");
        }
        return new WantedSignatures(number, request.hashes(hashName), hashName);
    }

    /** With SCAL 2 there have to be hashes; fewer than signatures leave the rest for {@code extendTransaction}. */
    Wish wish() {
        return (credential, configuration) -> {
            if (number > credential.multiSignature()) {
                throw ProtocolException.invalidRequest(AuthorizeCredential.TOO_MANY);
            }
            if (configuration.scal() == 2 && hashes.isEmpty()) {
                throw CscRequest.missing("array", CscRequest.HASH);
            }
            if (hashes.size() > number) {
                throw CscRequest.invalid(hashName);
            }
            return new Wanted(number, hashes);
        };
    }
}

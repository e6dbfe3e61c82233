package org.countersign.signer.csc;

import java.util.List;
import java.util.Optional;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.keys.SignatureAlgorithm;
import org.countersign.signer.documents.DocumentFormat;
import org.countersign.signer.documents.DocumentFormat.Level;
import org.countersign.signer.documents.DocumentFormat.Packaging;
import org.countersign.signer.documents.SignDocuments.Authorized;
import org.countersign.signer.documents.Upload;

/**
 * One hash of the {@code documentDigests} of {@code signatures/signDoc} (CSC API 2.0.0.2 §11.11): of a document that stays where it is, and gets a signature
 * beside it; of a PDF's byte range, the CMS that is put into it.
 */
record WantedDigest(byte[] hash, DocumentFormat format, Level level, SignatureAlgorithm algorithm)
        implements WantedSignature {

    private static final String HASH_ALGORITHM = CscV2SignaturesResource.HASH_ALGORITHM;

    static List<WantedDigest> of(CscRequest entry) {
        var hashes = entry.requiredHashes("hashes", "hashes");
        var format = WantedDocument.format(entry);
        var algorithm = CscAlgorithms.of(entry, HASH_ALGORITHM);
        if (entry.has(HASH_ALGORITHM) && CscAlgorithms.hash(entry, HASH_ALGORITHM) != algorithm.documentHash()) {
            throw ProtocolException.invalidRequest(
                    "String parameter hashAlgorithmOID contradicts with signAlgo parameter");
        }
        if (hashes.stream()
                .anyMatch(hash -> hash.length != algorithm.documentHash().length())) {
            throw ProtocolException.invalidRequest(CscRequest.WRONG_LENGTH);
        }
        var level = WantedDocument.level(entry);
        if (!isEnough(format, level)) {
            throw CscRequest.invalid(WantedDocument.LEVEL);
        }
        var property = WantedDocument.property(entry, format);
        if (format != DocumentFormat.PADES
                && entry.has(WantedDocument.ENVELOPE)
                && property.packaging() != Packaging.DETACHED) {
            throw CscRequest.invalid(WantedDocument.ENVELOPE);
        }
        return hashes.stream()
                .map(hash -> new WantedDigest(hash, format, level, algorithm))
                .toList();
    }

    /** What the levels above add is made of the document, or of the PDF. */
    private static boolean isEnough(DocumentFormat format, Level level) {
        return format == DocumentFormat.PADES ? !level.needsRevocationData() : level != Level.LTA;
    }

    @Override
    public boolean isEnveloped() {
        return false;
    }

    @Override
    public Authorized authorized(String credentialId, Upload files, int number) {
        var packaging = format == DocumentFormat.PADES ? null : Packaging.DETACHED;
        return new Authorized(
                WantedDocument.request(credentialId, format, packaging, level, algorithm, null),
                Optional.empty(),
                hash);
    }
}

package org.countersign.signer.documents;

import eu.europa.esig.dss.alert.exception.AlertException;
import eu.europa.esig.dss.enumerations.MimeType;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.pades.exception.InvalidPasswordException;
import eu.europa.esig.dss.pades.exception.ProtectedDocumentException;
import eu.europa.esig.dss.spi.x509.tsp.TSPSource;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.x509.CertificateChain;
import org.countersign.server.logging.ContextLogger;
import org.countersign.server.oauth.Caller;
import org.countersign.signer.ades.Trust;
import org.countersign.signer.credentials.Credentials;
import org.countersign.signer.documents.DocumentFormat.Level;
import org.countersign.signer.documents.DocumentFormat.Packaging;
import org.countersign.signer.signatures.SignHashes;

/**
 * Signs documents, in two calls: the first one answers the hash that the holder authorizes, the second one takes the SAD. What is to be
 * signed is made of the document, the parameters and the certificate alone, so that nothing has to be kept in between; each
 * call is told all of them.
 */
public final class SignDocuments {

    private static final System.Logger LOG = ContextLogger.of(SignDocuments.class);
    private static final String NOT_SIGNABLE = "The document can not be signed in this format";

    private final Credentials credentials;
    private final SignHashes sign;
    private final Trust trust;
    private final Optional<TSPSource> stamps;
    private final Clock clock;

    /** @param stamps where a time-stamping authority is configured */
    public SignDocuments(
            Credentials credentials, SignHashes sign, Trust trust, Optional<TSPSource> stamps, Clock clock) {
        this.credentials = credentials;
        this.sign = sign;
        this.trust = trust;
        this.stamps = stamps;
        this.clock = clock;
    }

    /**
     * What is to be authorized.
     *
     * @param hash base64; of Ed25519, the message
     * @param parameters complete, to be sent again with the SAD
     */
    public record Prepared(String hash, DocumentRequest parameters) {}

    /** A signed document, made from the file, which has to stay as long as this is used. */
    public interface Signed {

        void writeTo(OutputStream out) throws IOException;
    }

    /** @throws ProtocolException {@code invalid_request} when the document can not be signed so */
    public Prepared prepare(Caller caller, DocumentRequest request, Path document) {
        var work = work(caller, request, document);
        return new Prepared(
                Base64.getEncoder().encodeToString(work.hash()), work.wanted().request(request.credentialId()));
    }

    /**
     * Signs, with a SAD for the hash that {@link #prepare} answers for the same document and parameters.
     *
     * @throws ProtocolException as {@link SignHashes}; nothing is used up then. {@code temporarily_unavailable}
     *     when there is no time stamp; then the hash is used up
     */
    public Signed sign(Caller caller, DocumentRequest request, Path document) {
        if (request.sad() == null || request.sad().isEmpty()) {
            caller.requireSeat();
            throw ProtocolException.invalidRequest("SAD is required");
        }
        var work = work(caller, request, document);
        var answer = sign.sign(
                caller, request.credentialId(), request.sad(), work.wanted().algorithm(), List.of(work.hash()));
        return work.finish(answer.signatures().get(0));
    }

    /**
     * A document that was authorized itself, not what is to be signed of it.
     *
     * @param hash of the file, as the holder authorized it
     */
    public record Authorized(DocumentRequest request, Path file, byte[] hash) {}

    /**
     * Signs documents with a SAD for the documents' own hashes, all by one algorithm.
     *
     * @throws ProtocolException as {@link #sign(Caller, DocumentRequest, Path)}
     */
    public List<Signed> sign(Caller caller, String credentialId, String sad, List<Authorized> documents) {
        var works = documents.stream()
                .map(document -> work(caller, document.request(), document.file()))
                .toList();
        var answer = sign.sign(
                caller,
                credentialId,
                sad,
                works.get(0).wanted().algorithm(),
                new SignHashes.Wanted(
                        documents.stream().map(Authorized::hash).toList(),
                        works.stream().map(Work::hash).toList()));
        var signed = new ArrayList<Signed>();
        for (int i = 0; i < works.size(); i++) {
            signed.add(works.get(i).finish(answer.signatures().get(i)));
        }
        return signed;
    }

    private record Work(DocumentParameters wanted, SignatureInFormat<?> signature, DSSDocument document, byte[] hash) {

        Signed finish(String value) {
            return attempt(() -> signature.sign(document, Base64.getDecoder().decode(value)))::writeTo;
        }
    }

    private Work work(Caller caller, DocumentRequest request, Path file) {
        var seat = caller.requireSeat();
        if (request.credentialId() == null || request.credentialId().isEmpty()) {
            throw ProtocolException.invalidRequest("credentialId is required");
        }
        var wanted = DocumentParameters.of(request, clock.instant());
        requireMeans(wanted);
        requireBounds(wanted, file);
        var credential = credentials.requireOf(seat, request.credentialId());
        credential.requireCertificate();
        wanted.algorithm().requireFits(credential.keyAlgorithm().orElseThrow());
        var chain = credential.chain().orElseThrow();
        var document = new FileDocument(file.toFile());
        document.setName(wanted.name());
        document.setMimeType(MimeType.fromFileName(wanted.name()));
        return attempt(() -> work(wanted, chain, document));
    }

    private Work work(DocumentParameters wanted, CertificateChain chain, DSSDocument document) {
        var signature = SignatureInFormat.of(wanted, chain, trust.verifier(), stamps);
        return new Work(wanted, signature, document, wanted.algorithm().digest(signature.dataToSign(document)));
    }

    private static void requireBounds(DocumentParameters wanted, Path file) {
        if (wanted.container().isPresent()) {
            DocumentBounds.requireFitsInMemory(file);
            // One that is a container already gets one more signature.
            DocumentBounds.requireUnpacksToLittle(file);
        } else if (wanted.format() != DocumentFormat.PADES && wanted.packaging() != Packaging.DETACHED) {
            DocumentBounds.requireFitsInMemory(file);
        }
    }

    /** Those that can be made with what is configured. */
    public List<Level> levels() {
        return Stream.of(Level.values())
                .filter(level -> !level.isStamped() || stamps.isPresent())
                .filter(level -> !level.needsRevocationData() || trust.tellsOfRevocation())
                .toList();
    }

    private void requireMeans(DocumentParameters wanted) {
        if (wanted.level().isStamped() && stamps.isEmpty()) {
            throw ProtocolException.invalidRequest(
                    "level " + wanted.level().wireName() + " needs a timestampAuthority, and none is configured");
        }
        if (wanted.level().needsRevocationData() && !trust.tellsOfRevocation()) {
            throw ProtocolException.invalidRequest(
                    "level " + wanted.level().wireName() + " needs revocationAddresses, and none are configured");
        }
    }

    /** Whatever the libraries make of a document from outside is the document's fault; what of it is for the log. */
    private static <T> T attempt(Supplier<T> work) {
        try {
            return work.get();
        } catch (RuntimeException | StackOverflowError failed) {
            for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
                if (cause instanceof ProtocolException refusal) {
                    throw refusal;
                }
            }
            LOG.log(System.Logger.Level.INFO, "A document is not signed", failed);
            if (failed instanceof InvalidPasswordException) {
                throw ProtocolException.invalidRequest("The document is encrypted");
            }
            if (failed instanceof ProtectedDocumentException) {
                throw ProtocolException.invalidRequest("The document's author permits no further signatures");
            }
            if (failed instanceof AlertException) {
                throw ProtocolException.invalidRequest(
                        "Nothing tells whether the certificates were revoked, which the level needs");
            }
            throw ProtocolException.invalidRequest(NOT_SIGNABLE);
        }
    }
}

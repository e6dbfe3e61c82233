package org.countersign.signer.documents;

import eu.europa.esig.dss.enumerations.MimeType;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.DigestDocument;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.pades.exception.InvalidPasswordException;
import eu.europa.esig.dss.pades.exception.ProtectedDocumentException;
import eu.europa.esig.dss.spi.validation.CertificateVerifier;
import eu.europa.esig.dss.spi.x509.tsp.TSPSource;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.x509.CertificateChain;
import org.countersign.server.logging.ContextLogger;
import org.countersign.server.oauth.Caller;
import org.countersign.signer.ades.Revocation;
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
    private static final String NOT_MADE =
            "The hash was signed, but what the level adds is not to be had; authorize it again later";
    private static final Duration RETRY = Duration.ofSeconds(10);
    private static final String NOT_SIGNABLE = "The document can not be signed in this format";

    private final Credentials credentials;
    private final SignHashes sign;
    private final Trust trust;
    private final Optional<Function<Caller, TSPSource>> stamps;
    private final Clock clock;

    /** @param stamps where a time-stamping authority is configured */
    public SignDocuments(
            Credentials credentials,
            SignHashes sign,
            Trust trust,
            Optional<Function<Caller, TSPSource>> stamps,
            Clock clock) {
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
    public Prepared prepare(Caller caller, DocumentRequest request, Path document, Optional<Path> image) {
        var work = work(caller, request, document, image);
        return new Prepared(
                Base64.getEncoder().encodeToString(work.hash()), work.wanted().request(request.credentialId()));
    }

    /**
     * Signs, with a SAD for the hash that {@link #prepare} answers for the same document and parameters.
     *
     * @throws ProtocolException as {@link SignHashes}; nothing is used up then. {@code temporarily_unavailable}
     *     when there is no time stamp, or no list of revoked certificates for it; then the hash is used up
     */
    public Signed sign(Caller caller, DocumentRequest request, Path document, Optional<Path> image) {
        if (request.sad() == null || request.sad().isEmpty()) {
            caller.requireSeat();
            throw ProtocolException.invalidRequest("SAD is required");
        }
        var work = work(caller, request, document, image);
        var answer = sign.sign(
                caller, request.credentialId(), request.sad(), work.wanted().algorithm(), List.of(work.hash()));
        return work.finish(answer.signatures().get(0));
    }

    /**
     * A document that was authorized itself, not what is to be signed of it.
     *
     * @param file nothing where the hash is all that is known of the document; the signature is detached then, of a PDF its CMS, and no {@code B-LTA}
     * @param hash of the file, as the holder authorized it
     */
    public record Authorized(DocumentRequest request, Optional<Path> file, byte[] hash) {}

    /**
     * Signs documents with a SAD for the documents' own hashes, all by one algorithm.
     *
     * @throws ProtocolException as {@link #sign(Caller, DocumentRequest, Path, Optional)}
     */
    public List<Signed> sign(Caller caller, String credentialId, String sad, List<Authorized> documents) {
        var works = documents.stream()
                .map(document -> document.file()
                        .map(file -> work(caller, document.request(), file, Optional.empty()))
                        .orElseGet(() -> workOfHash(caller, document.request(), document.hash())))
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

    private record Work(DocumentParameters wanted, DocumentSignature signature, DSSDocument document, byte[] hash) {

        static Work of(DocumentParameters wanted, DocumentSignature signature, DSSDocument document) {
            var hash = wanted.algorithm().digest(signature.dataToSign(document));
            wanted.algorithm().requireLength(hash);
            return new Work(wanted, signature, document, hash);
        }

        Signed finish(String value) {
            return afterwards(() -> signature.sign(document, Base64.getDecoder().decode(value)))::writeTo;
        }
    }

    /** What fails once the hash is signed is no fault of the document, which was found good before. */
    static <T> T afterwards(Supplier<T> work) {
        try {
            return attempt(work);
        } catch (ProtocolException failed) {
            throw failed.code() == OAuth2Error.TEMPORARILY_UNAVAILABLE
                    ? failed
                    : ProtocolException.retryAfter(OAuth2Error.TEMPORARILY_UNAVAILABLE, NOT_MADE, RETRY);
        }
    }

    private Work work(Caller caller, DocumentRequest request, Path file, Optional<Path> image) {
        var wanted = wanted(caller, request);
        requireBounds(wanted, file);
        var picture = picture(wanted, image);
        var chain = chain(caller, request, wanted);
        var document = named(new FileDocument(file.toFile()), wanted);
        return attempt(() -> work(caller, wanted, chain, document, picture));
    }

    private Work workOfHash(Caller caller, DocumentRequest request, byte[] hash) {
        var wanted = wanted(caller, request);
        var chain = chain(caller, request, wanted);
        var document = named(new DigestDocument(SignatureInFormat.hashAlgorithm(wanted), hash), wanted);
        return attempt(() -> {
            var authority = stamps.map(of -> of.apply(caller));
            return Work.of(
                    wanted, SignatureInFormat.ofHash(wanted, chain, verifier(wanted, chain), authority), document);
        });
    }

    private DocumentParameters wanted(Caller caller, DocumentRequest request) {
        caller.requireSeat();
        if (request.credentialId() == null || request.credentialId().isEmpty()) {
            throw ProtocolException.invalidRequest("credentialId is required");
        }
        var wanted = DocumentParameters.of(request, clock.instant());
        requireMeans(wanted);
        return wanted;
    }

    private CertificateChain chain(Caller caller, DocumentRequest request, DocumentParameters wanted) {
        var credential = credentials.requireOf(caller.requireSeat(), request.credentialId());
        credential.requireCertificate();
        wanted.algorithm().requireFits(credential.keyAlgorithm().orElseThrow());
        return credential.chain().orElseThrow();
    }

    private static <T extends DSSDocument> T named(T document, DocumentParameters wanted) {
        document.setName(wanted.name());
        document.setMimeType(MimeType.fromFileName(wanted.name()));
        return document;
    }

    private CertificateVerifier verifier(DocumentParameters wanted, CertificateChain chain) {
        var verifier = trust.verifier();
        if (wanted.level().needsRevocationData()) {
            Revocation.requireNotRevoked(chain, verifier);
        }
        return verifier;
    }

    private static Optional<SignatureImage> picture(DocumentParameters wanted, Optional<Path> image) {
        var visible = wanted.visible();
        if (image.isPresent() && visible.isEmpty()) {
            throw ProtocolException.invalidRequest("image is for a visible signature");
        }
        if (image.isEmpty() && visible.isPresent() && visible.get().showsNothing()) {
            throw ProtocolException.invalidRequest("visible needs a text or an image");
        }
        return image.map(SignatureImage::read);
    }

    private Work work(
            Caller caller,
            DocumentParameters wanted,
            CertificateChain chain,
            FileDocument document,
            Optional<SignatureImage> image) {
        var verifier = verifier(wanted, chain);
        var file = document.getFile().toPath().toAbsolutePath();
        var signature =
                SignatureInFormat.of(wanted, chain, verifier, stamps.map(of -> of.apply(caller)), file.getParent());
        if (wanted.format() == DocumentFormat.PADES) {
            signature.place(wanted, file, image);
        }
        return Work.of(wanted, signature, document);
    }

    private static void requireBounds(DocumentParameters wanted, Path file) {
        if (wanted.container().isPresent()) {
            DocumentBounds.requireFitsInMemory(file);
            // One that is a container already gets one more signature.
            DocumentBounds.requireUnpacksToLittle(file);
        } else if (wanted.format() == DocumentFormat.JADES
                || wanted.format() != DocumentFormat.PADES && wanted.packaging() != Packaging.DETACHED) {
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
            throw ProtocolException.invalidRequest(NOT_SIGNABLE);
        }
    }
}

package org.countersign.signer.csc;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Caller;
import org.countersign.server.web.OpenToAll;
import org.countersign.signer.credentials.Credentials;
import org.countersign.signer.documents.SignDocuments;
import org.countersign.signer.documents.Upload;
import org.countersign.signer.documents.Uploads;
import org.countersign.signer.signatures.SignHashes;
import org.countersign.signer.signatures.SignHashes.SignAnswer;

/** Signatures (CSC API 2.0.0.2 §11.10, §11.11, §11.13): in synchronous operation mode, the only one here. */
@Path("csc/v2/signatures")
@OpenToAll
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class CscV2SignaturesResource {

    static final String HASH_ALGORITHM = "hashAlgorithmOID";

    private static final String MODE = "operationMode";
    private static final String SYNCHRONOUS = "S";
    /** They may be there in asynchronous mode alone. */
    private static final List<String> ASYNCHRONOUS_ONLY = List.of("validity_period", "response_uri");

    private static final String DOCUMENTS = "documents";
    private static final String DIGESTS = "documentDigests";
    private static final String VALIDATION_INFO = "returnValidationInfo";
    private static final int MOST_DOCUMENTS = 20;

    private final CscGate gate;
    private final SignHashes sign;
    private final SignDocuments documents;
    private final Uploads uploads;
    private final CscTimestamps timestamps;
    private final CscRefusals refusals;
    private final CscRefusals documentRefusals;

    public CscV2SignaturesResource(
            CscGate gate,
            SignHashes sign,
            SignDocuments documents,
            Uploads uploads,
            Credentials credentials,
            CscTimestamps timestamps) {
        this.gate = gate;
        this.sign = sign;
        this.documents = documents;
        this.uploads = uploads;
        this.timestamps = timestamps;
        this.refusals = new CscV2Refusals(credentials, "Hash is not authorized by the SAD");
        this.documentRefusals =
                new CscV2Refusals(credentials, "documentDigests or documents are not authorized by the SAD");
    }

    @POST
    @Path("signHash")
    public SignAnswer signHash(@HeaderParam(HttpHeaders.AUTHORIZATION) String authorization, byte[] body) {
        var caller = gate.caller(authorization, ApiGroup.SIGNER);
        var request = CscRequest.of(body);
        var sad = request.requiredText("SAD");
        var credentialId = request.requiredText("credentialID");
        var hashes = request.requiredHashes("hashes");
        var algorithm = CscAlgorithms.of(request, HASH_ALGORITHM);
        requireSynchronous(request);
        return refusals.translated(
                caller.requireSeat(), credentialId, () -> sign.sign(caller, credentialId, sad, algorithm, hashes));
    }

    /**
     * Signs documents, or hashes of documents, with a SAD for the documents' own hashes. All are in memory, which is why they are limited in size and
     * number.
     */
    @POST
    @Path("signDoc")
    public SignedDocuments signDoc(@HeaderParam(HttpHeaders.AUTHORIZATION) String authorization, InputStream body) {
        var caller = gate.caller(authorization, ApiGroup.SIGNER);
        try (var files = uploads.receive(body)) {
            return uploads.work(() -> signDoc(caller, files));
        }
    }

    private SignedDocuments signDoc(Caller caller, Upload files) {
        var request = CscRequest.withDocuments(files.content());
        var sad = request.requiredText("SAD");
        var credentialId = request.requiredText("credentialID");
        var wanted = wanted(request);
        requireSynchronous(request);
        if (request.flag(VALIDATION_INFO)) {
            throw CscRequest.invalid(VALIDATION_INFO);
        }
        var authorized = IntStream.range(0, wanted.size())
                .mapToObj(i -> wanted.get(i).authorized(credentialId, files, i))
                .toList();
        return documentRefusals.translated(
                caller.requireSeat(),
                credentialId,
                () -> SignedDocuments.of(wanted, documents.sign(caller, credentialId, sad, authorized)));
    }

    private static List<WantedSignature> wanted(CscRequest request) {
        if (request.has(DIGESTS) && request.has(DOCUMENTS)) {
            throw ProtocolException.invalidRequest("Both documentDigests and documents parameters passed");
        }
        var wanted = new ArrayList<WantedSignature>();
        if (request.has(DIGESTS)) {
            request.objects(DIGESTS, MOST_DOCUMENTS, "object").forEach(entry -> wanted.addAll(WantedDigest.of(entry)));
        } else if (request.has(DOCUMENTS)) {
            request.objects(DOCUMENTS, MOST_DOCUMENTS).forEach(entry -> wanted.add(WantedDocument.of(entry)));
        }
        if (wanted.isEmpty()) {
            throw ProtocolException.invalidRequest("Empty documentDigests and documents objects");
        }
        if (wanted.size() > MOST_DOCUMENTS) {
            throw ProtocolException.invalidRequest("Invalid object parameter documentDigests");
        }
        if (wanted.stream().map(WantedSignature::algorithm).distinct().count() > 1) {
            throw CscRequest.invalid("signAlgo");
        }
        return wanted;
    }

    private static void requireSynchronous(CscRequest request) {
        if (!request.text(MODE).orElse(SYNCHRONOUS).equals(SYNCHRONOUS)) {
            throw CscRequest.invalid(MODE);
        }
        for (var name : ASYNCHRONOUS_ONLY) {
            if (request.has(name)) {
                throw CscRequest.invalid(name);
            }
        }
    }

    /** A time stamp of the configured authority. */
    @POST
    @Path("timestamp")
    public TimestampAnswer timestamp(@HeaderParam(HttpHeaders.AUTHORIZATION) String authorization, byte[] body) {
        var caller = gate.caller(authorization, ApiGroup.SIGNER);
        return timestamps.answer(caller, CscRequest.of(body));
    }
}

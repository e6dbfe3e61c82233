package org.countersign.signer.csc;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.countersign.signer.documents.SignDocuments.Signed;

/**
 * The answer of {@code signatures/signDoc}, in base64; either is there where there is one.
 *
 * @param documents that hold their signatures
 * @param signatures beside or around what they sign
 */
public record SignedDocuments(
        @JsonProperty("DocumentWithSignature") List<String> documents,
        @JsonProperty("SignatureObject") List<String> signatures) {

    static SignedDocuments of(List<WantedSignature> wanted, List<Signed> signed) {
        var documents = new ArrayList<String>();
        var signatures = new ArrayList<String>();
        for (int i = 0; i < signed.size(); i++) {
            (wanted.get(i).isEnveloped() ? documents : signatures).add(base64(signed.get(i)));
        }
        return new SignedDocuments(documents.isEmpty() ? null : documents, signatures.isEmpty() ? null : signatures);
    }

    private static String base64(Signed signed) {
        var out = new ByteArrayOutputStream();
        try {
            signed.writeTo(out);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return Base64.getEncoder().encodeToString(out.toByteArray());
    }
}

package org.countersign.signer.documents;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The part {@code parameters} as it comes in. What the first call answers, with the SAD, is what the second one takes.
 *
 * @param format {@code PAdES}, {@code XAdES}, {@code JAdES} or {@code CAdES}
 * @param container {@code ASiC-S} or {@code ASiC-E}, around XAdES or CAdES
 * @param packaging {@code enveloped}, {@code enveloping} or {@code detached}
 * @param level {@code B-B}, {@code B-T}, {@code B-LT} or {@code B-LTA}
 * @param signAlgo as for signatures of hashes
 * @param signingTime ISO 8601 in UTC, {@code 2026-05-04T10:20:30Z}
 * @param name the document's, with what tells its type
 * @param visible where a PDF shows it, and what
 * @param certify what a PDF may still have done to it, 1 to 3 (DocMDP, ISO 32000-2 §12.8.2.2)
 * @param sad only where something is to be signed
 */
public record DocumentRequest(
        @JsonAlias("credentialID") String credentialId,
        String format,
        String container,
        String packaging,
        String level,
        String signAlgo,
        String hashAlgo,
        String signingTime,
        String name,
        VisibleRequest visible,
        Integer certify,
        @JsonProperty("SAD") String sad) {

    @Override
    public String toString() {
        return "a document's signature by credential " + credentialId;
    }
}

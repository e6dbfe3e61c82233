package org.countersign.signer.csc;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.countersign.server.keys.HashAlgorithm;
import org.countersign.server.keys.SignatureAlgorithm;
import org.countersign.signer.documents.DocumentFormat;
import org.countersign.signer.documents.DocumentFormat.Level;
import org.countersign.signer.documents.DocumentFormat.Packaging;
import org.countersign.signer.documents.DocumentRequest;
import org.countersign.signer.documents.SignDocuments.Authorized;
import org.countersign.signer.documents.Upload;

/** One of the {@code documents} of {@code signatures/signDoc} (CSC API 2.0.0.2 §11.11). */
record WantedDocument(
        byte[] content, DocumentFormat format, Level level, SignatureAlgorithm algorithm, Property property)
        implements WantedSignature {

    /** The letters of the formats. */
    static final Map<String, DocumentFormat> FORMATS = Map.of(
            "P", DocumentFormat.PADES, "X", DocumentFormat.XADES, "C", DocumentFormat.CADES, "J", DocumentFormat.JADES);

    private static final String LEVEL_PREFIX = "ades-";
    static final String LEVEL = "conformance_level";
    private static final String FORMAT = "signature_format";
    static final String ENVELOPE = "signed_envelope_property";
    /** What ISO 32000-2 has as usual (Table 257); the specification has no place to say it. */
    private static final int FORMS_AND_SIGNATURES = 2;

    private static final String PROPERTIES = "signed_props";

    static WantedDocument of(CscRequest entry) {
        var content = entry.requiredBase64("document", "documents");
        var format = format(entry);
        return new WantedDocument(
                content,
                format,
                level(entry),
                CscAlgorithms.ofDocument(entry, CscV2SignaturesResource.HASH_ALGORITHM),
                property(entry, format));
    }

    /** No entry may have {@code signed_props}, either. */
    static DocumentFormat format(CscRequest entry) {
        var format = FORMATS.get(entry.requiredText(FORMAT));
        if (format == null) {
            throw CscRequest.invalid(FORMAT);
        }
        if (entry.has(PROPERTIES)
                && !entry.objects(PROPERTIES, Integer.MAX_VALUE).isEmpty()) {
            throw CscRequest.invalid(PROPERTIES);
        }
        return format;
    }

    /** Written {@code Ades-B-B} in the table, and {@code AdES-B-B} in the examples. */
    static Level level(CscRequest entry) {
        var name = entry.text(LEVEL);
        if (name.isEmpty()) {
            return Level.B;
        }
        for (var level : Level.values()) {
            if (name.get()
                    .toLowerCase(Locale.ROOT)
                    .equals(LEVEL_PREFIX + level.wireName().toLowerCase(Locale.ROOT))) {
                return level;
            }
        }
        throw CscRequest.invalid(LEVEL);
    }

    /** What is not said is what the table has as usual; of a PDF a revision, as not every PDF can be certified. */
    static Property property(CscRequest entry, DocumentFormat format) {
        var name = entry.text(ENVELOPE);
        if (name.isEmpty()) {
            return properties(format).get(0);
        }
        return properties(format).stream()
                .filter(property -> property.name().equals(name.get()))
                .findFirst()
                .orElseThrow(() -> CscRequest.invalid(ENVELOPE));
    }

    /**
     * A value of {@code signed_envelope_property}.
     *
     * @param certify what a PDF is left open to
     */
    record Property(String name, Packaging packaging, Optional<Integer> certify) {

        Property(String name, Packaging packaging) {
            this(name, packaging, Optional.empty());
        }
    }

    /** The usual one first. */
    static List<Property> properties(DocumentFormat format) {
        return switch (format) {
            case PADES ->
                List.of(
                        new Property("Revision", Packaging.ENVELOPED),
                        new Property("Certification", Packaging.ENVELOPED, Optional.of(FORMS_AND_SIGNATURES)));
            case XADES ->
                List.of(
                        new Property("Enveloped", Packaging.ENVELOPED),
                        new Property("Enveloping", Packaging.ENVELOPING),
                        new Property("Detached", Packaging.DETACHED));
            case CADES, JADES ->
                List.of(new Property("Attached", Packaging.ENVELOPING), new Property("Detached", Packaging.DETACHED));
        };
    }

    @Override
    public boolean isEnveloped() {
        return property.packaging() == Packaging.ENVELOPED;
    }

    /** The document's hash is what the holder authorized: by the hash algorithm of the signature, SHA-256 where that has none. */
    @Override
    public Authorized authorized(String credentialId, Upload files, int number) {
        var packaging = format == DocumentFormat.PADES ? null : property.packaging();
        return new Authorized(
                request(
                        credentialId,
                        format,
                        packaging,
                        level,
                        algorithm,
                        property.certify().orElse(null)),
                Optional.of(files.add("document-" + number, content)),
                hash());
    }

    static DocumentRequest request(
            String credentialId,
            DocumentFormat format,
            Packaging packaging,
            Level level,
            SignatureAlgorithm algorithm,
            Integer certify) {
        return new DocumentRequest(
                credentialId,
                format.wireName(),
                null,
                packaging == null ? null : packaging.wireName(),
                level.wireName(),
                algorithm.wireName(),
                null,
                null,
                null,
                null,
                certify,
                null);
    }

    private byte[] hash() {
        return algorithm.isPrehashed() ? algorithm.digest(content) : HashAlgorithm.SHA256.digest(content);
    }
}

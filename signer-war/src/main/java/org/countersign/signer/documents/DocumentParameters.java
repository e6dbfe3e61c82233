package org.countersign.signer.documents;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.keys.SignatureAlgorithm;
import org.countersign.signer.documents.DocumentFormat.Container;
import org.countersign.signer.documents.DocumentFormat.Level;
import org.countersign.signer.documents.DocumentFormat.Packaging;

/**
 * How a document is to be signed, complete: the same document with the same parameters and certificate gives the same bytes to be signed.
 *
 * @param container around the document and its signature, which then is detached
 * @param signingTime that the signer claims, in whole seconds
 * @param name the document's
 * @param visible in a PDF
 * @param certify the changes that a PDF is left open to
 */
public record DocumentParameters(
        DocumentFormat format,
        Optional<Container> container,
        Packaging packaging,
        Level level,
        SignatureAlgorithm algorithm,
        Instant signingTime,
        String name,
        Optional<VisibleSignature> visible,
        Optional<Integer> certify) {

    private static final Duration OLDEST = Duration.ofHours(24);
    private static final int NOTHING_MAY_CHANGE = 1;
    private static final int ANNOTATIONS_MAY_CHANGE = 3;
    private static final Duration AHEAD = Duration.ofMinutes(1);
    /** The file of a container that tells what it is. */
    private static final String TYPE_OF_CONTAINER = "mimetype";
    /** No path, nothing hidden, nothing that a ZIP's reader or a terminal could make something else of. */
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}_][\\p{L}\\p{N} ._()+-]{0,126}");

    /** @throws ProtocolException {@code invalid_request}, saying which member is wrong */
    static DocumentParameters of(DocumentRequest request, Instant now) {
        var format = required("format", request.format(), DocumentFormat::find, "PAdES, XAdES, JAdES, CAdES");
        var container = optional("container", request.container(), Container::find, "ASiC-S, ASiC-E");
        if (container.isPresent() && format != DocumentFormat.XADES && format != DocumentFormat.CADES) {
            throw ProtocolException.invalidRequest("container is for XAdES and CAdES");
        }
        var level = optional("level", request.level(), Level::find, "B-B, B-T, B-LT, B-LTA")
                .orElse(Level.B);
        return new DocumentParameters(
                format,
                container,
                packaging(format, container, request.packaging()),
                level,
                SignatureAlgorithm.parse(request.signAlgo(), request.hashAlgo()),
                signingTime(request.signingTime(), now),
                name(request.name(), format, container),
                pdf(format, "visible", request.visible()).map(VisibleSignature::of),
                pdf(format, "certify", request.certify()).map(DocumentParameters::permission));
    }

    private static <T> Optional<T> pdf(DocumentFormat format, String member, T value) {
        if (value != null && format != DocumentFormat.PADES) {
            throw ProtocolException.invalidRequest(member + " is for PAdES");
        }
        return Optional.ofNullable(value);
    }

    private static int permission(int certify) {
        if (certify < NOTHING_MAY_CHANGE || certify > ANNOTATIONS_MAY_CHANGE) {
            throw ProtocolException.invalidRequest("certify must be 1, 2 or 3");
        }
        return certify;
    }

    private static Packaging packaging(DocumentFormat format, Optional<Container> container, String packaging) {
        var wanted = optional("packaging", packaging, Packaging::find, "enveloped, enveloping, detached");
        var usual = container.isPresent()
                ? Packaging.DETACHED
                : switch (format) {
                    case PADES, XADES -> Packaging.ENVELOPED;
                    case JADES, CADES -> Packaging.ENVELOPING;
                };
        boolean fits = wanted.isEmpty()
                || wanted.get() == usual
                || container.isEmpty()
                        && switch (format) {
                            case PADES -> false;
                            case XADES -> true;
                            case JADES, CADES -> wanted.get() == Packaging.DETACHED;
                        };
        if (!fits) {
            throw ProtocolException.invalidRequest("packaging does not fit the format");
        }
        return wanted.orElse(usual);
    }

    private static Instant signingTime(String text, Instant now) {
        if (text == null) {
            return now.truncatedTo(ChronoUnit.SECONDS);
        }
        Instant time;
        try {
            time = Instant.parse(text);
        } catch (DateTimeParseException malformed) {
            throw ProtocolException.invalidRequest("signingTime must be like 2026-05-04T10:20:30Z");
        }
        if (time.getNano() != 0) {
            throw ProtocolException.invalidRequest("signingTime must be in whole seconds");
        }
        if (time.isBefore(now.minus(OLDEST)) || time.isAfter(now.plus(AHEAD))) {
            throw ProtocolException.invalidRequest("signingTime must be within the last 24 hours");
        }
        return time;
    }

    private static String name(String name, DocumentFormat format, Optional<Container> container) {
        if (name == null) {
            return switch (format) {
                case PADES -> "document.pdf";
                case XADES, CADES, JADES -> "document";
            };
        }
        if (!NAME.matcher(name).matches()) {
            throw ProtocolException.invalidRequest("name must be a file name of letters, digits, spaces and ._()+-");
        }
        if (container.isPresent() && name.equalsIgnoreCase(TYPE_OF_CONTAINER)) {
            throw ProtocolException.invalidRequest("name must not be mimetype in a container");
        }
        return name;
    }

    private static <T> T required(String member, String text, Function<String, Optional<T>> find, String known) {
        return optional(member, text, find, known)
                .orElseThrow(() -> ProtocolException.invalidRequest(member + " is required: one of " + known));
    }

    private static <T> Optional<T> optional(
            String member, String text, Function<String, Optional<T>> find, String known) {
        if (text == null) {
            return Optional.empty();
        }
        return Optional.of(find.apply(text)
                .orElseThrow(() -> ProtocolException.invalidRequest(member + " must be one of " + known)));
    }

    /** As a request that asks for the same. */
    DocumentRequest request(String credentialId) {
        return new DocumentRequest(
                credentialId,
                format.wireName(),
                container.map(Container::wireName).orElse(null),
                format == DocumentFormat.PADES || container.isPresent() ? null : packaging.wireName(),
                level.wireName(),
                algorithm.wireName(),
                null,
                signingTime.toString(),
                name,
                visible.map(VisibleSignature::request).orElse(null),
                certify.orElse(null),
                null);
    }
}

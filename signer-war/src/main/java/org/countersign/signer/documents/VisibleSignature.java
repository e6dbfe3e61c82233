package org.countersign.signer.documents;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.countersign.core.error.ProtocolException;
import org.countersign.signer.ades.PdfFont;

/**
 * Where a PDF shows its signature, and which text. An image comes by itself.
 *
 * @param field the document's own, instead of a place
 */
public record VisibleSignature(Optional<String> field, Optional<Place> place, Optional<String> text) {

    private static final int LONGEST_TEXT = 300;
    private static final int MOST_LINES = 10;
    private static final int LONGEST_NAME = 200;
    private static final int FIRST_PAGE = 1;
    /** In points: what is smaller shows nothing. */
    private static final double LEAST = 10;
    /** The most that a page can have, in points (ISO 32000-2 Annex C). */
    private static final double MOST = 14_400;

    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");
    private static final String LINE_END = "\n";

    /** On a page, in points from its upper left corner. */
    public record Place(int page, double x, double y, double width, double height) {}

    /** @throws ProtocolException {@code invalid_request}, saying which member is wrong */
    static VisibleSignature of(VisibleRequest request) {
        var field = Optional.ofNullable(request.field());
        boolean placed = Stream.of(request.page(), request.x(), request.y(), request.width(), request.height())
                .anyMatch(Objects::nonNull);
        if (field.isPresent() == placed) {
            throw ProtocolException.invalidRequest(
                    "visible is in a field of the document, or has page, x, y, width and height");
        }
        field.ifPresent(VisibleSignature::requireName);
        return new VisibleSignature(
                field,
                field.isPresent() ? Optional.empty() : Optional.of(place(request)),
                Optional.ofNullable(request.text()).map(VisibleSignature::text));
    }

    private static void requireName(String field) {
        if (field.isEmpty()
                || field.length() > LONGEST_NAME
                || CONTROL.matcher(field).find()) {
            throw ProtocolException.invalidRequest("visible.field must be the name of a field");
        }
    }

    private static Place place(VisibleRequest request) {
        if (request.page() == null || request.page() < FIRST_PAGE) {
            throw ProtocolException.invalidRequest("visible.page must be a page of the document, from 1 on");
        }
        return new Place(
                request.page(),
                number("x", request.x(), 0),
                number("y", request.y(), 0),
                number("width", request.width(), LEAST),
                number("height", request.height(), LEAST));
    }

    private static double number(String member, Double value, double least) {
        if (value == null || !(value >= least && value <= MOST)) {
            throw ProtocolException.invalidRequest(
                    "visible." + member + " must be a number of points, from " + (long) least + " to " + (long) MOST);
        }
        return value;
    }

    private static String text(String text) {
        if (text.isBlank()
                || text.codePointCount(0, text.length()) > LONGEST_TEXT
                || text.lines().count() > MOST_LINES) {
            throw ProtocolException.invalidRequest("visible.text must have 1 to 300 characters in 10 lines at most");
        }
        if (CONTROL.matcher(text.replace(LINE_END, "")).find() || !PdfFont.shows(text)) {
            throw ProtocolException.invalidRequest("visible.text has characters that are not in the font");
        }
        return text;
    }

    /** A field may be signed without; a place of its own would stay empty. */
    boolean showsNothing() {
        return place.isPresent() && text.isEmpty();
    }

    /** As a request that asks for the same. */
    VisibleRequest request() {
        return new VisibleRequest(
                field.orElse(null),
                place.map(Place::page).orElse(null),
                place.map(Place::x).orElse(null),
                place.map(Place::y).orElse(null),
                place.map(Place::width).orElse(null),
                place.map(Place::height).orElse(null),
                text.orElse(null));
    }
}

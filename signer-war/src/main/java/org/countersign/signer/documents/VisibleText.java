package org.countersign.signer.documents;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.countersign.core.error.ProtocolException;
import org.countersign.signer.ades.PdfFont;

/**
 * A visible signature's text as it is written: as large as there is room, and never so small that nobody would see what was signed.
 *
 * @param lines broken where there is no room for more
 * @param size in points
 */
record VisibleText(String lines, float size) {

    /** Around the text, in points. */
    static final float PADDING = 2;

    private static final float LARGEST = 12;
    private static final float LEAST = 3;
    private static final float STEP = 0.5f;
    private static final String LINE_END = "\n";
    private static final String SPACE = " ";

    /**
     * For a box, in points, whose left side the image has: as wide as it is, but half of the box at most.
     *
     * @throws ProtocolException {@code invalid_request} when there is no room
     */
    static VisibleText in(float width, float height, String text, Optional<SignatureImage> image) {
        double beside = image.map(picture -> Math.min(height * picture.ratio(), width / 2.0))
                .orElse(0.0);
        double wide = width - beside - 2 * PADDING;
        double high = height - 2 * PADDING;
        for (float size = LARGEST; size >= LEAST; size -= STEP) {
            var lines = broken(text, wide / size);
            if (lines.isPresent() && lines.get().size() * PdfFont.height() * size <= high) {
                return new VisibleText(String.join(LINE_END, lines.get()), size);
            }
        }
        throw ProtocolException.invalidRequest(
                "visible has no room for the text" + (image.isPresent() ? " beside the image" : ""));
    }

    /** Between words only. @param wide as of a font of size 1 */
    private static Optional<List<String>> broken(String text, double wide) {
        var lines = new ArrayList<String>();
        for (var line : text.split(LINE_END)) {
            String rest = null;
            for (var word : line.split(SPACE, -1)) {
                var longer = rest == null ? word : rest + SPACE + word;
                if (PdfFont.width(longer) <= wide) {
                    rest = longer;
                } else if (rest == null || PdfFont.width(word) > wide) {
                    return Optional.empty();
                } else {
                    lines.add(rest);
                    rest = word;
                }
            }
            lines.add(rest);
        }
        return Optional.of(lines);
    }
}

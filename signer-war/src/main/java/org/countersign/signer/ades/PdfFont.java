package org.countersign.signer.ades;

import eu.europa.esig.dss.pades.DSSFileFont;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.apache.fontbox.ttf.CmapLookup;
import org.apache.fontbox.ttf.HorizontalMetricsTable;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.io.RandomAccessReadBuffer;

/** The font of visible signatures, PT Serif as it comes with DSS: Latin and Cyrillic letters. It goes into the PDF. */
public final class PdfFont {

    private PdfFont() {}

    /** Read by the first use. */
    private static final class Letters {

        private static final Letters READ = read();

        private final CmapLookup glyphs;
        private final HorizontalMetricsTable widths;
        private final double unit;
        private final double height;

        private Letters(TrueTypeFont font) throws IOException {
            var header = font.getHeader();
            glyphs = font.getUnicodeCmapLookup();
            widths = font.getHorizontalMetrics();
            unit = header.getUnitsPerEm();
            height = (header.getYMax() - header.getYMin()) / unit;
        }

        private static Letters read() {
            try (InputStream in = DSSFileFont.initializeDefault().getInputStream();
                    var font = new TTFParser().parse(new RandomAccessReadBuffer(in))) {
                return new Letters(font);
            } catch (IOException failure) {
                throw new UncheckedIOException("The font of DSS can not be read", failure);
            }
        }
    }

    /** Whether all of a text's characters are in it, but the ends of its lines. */
    public static boolean shows(String text) {
        return text.codePoints().allMatch(letter -> letter == '\n' || Letters.READ.glyphs.getGlyphId(letter) != 0);
    }

    /** Of one line, in a font of size 1. */
    public static double width(String line) {
        var letters = Letters.READ;
        return line.codePoints()
                        .map(letter -> letters.widths.getAdvanceWidth(letters.glyphs.getGlyphId(letter)))
                        .sum()
                / letters.unit;
    }

    /** Of each line, in a font of size 1. */
    public static double height() {
        return Letters.READ.height;
    }

    /** For one signature. @param size in points */
    public static DSSFileFont ofSize(float size) {
        var font = DSSFileFont.initializeDefault();
        font.setSize(size);
        return font;
    }
}

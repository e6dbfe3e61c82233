package org.countersign.signer.ades;

import eu.europa.esig.dss.pades.DSSFileFont;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.apache.fontbox.ttf.CmapLookup;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.pdfbox.io.RandomAccessReadBuffer;

/** The font of visible signatures, PT Serif as it comes with DSS: Latin and Cyrillic letters. It goes into the PDF. */
public final class PdfFont {

    private PdfFont() {}

    /** Read by the first use. */
    private static final class Letters {

        private static final CmapLookup READ = read();

        private Letters() {}

        private static CmapLookup read() {
            try (InputStream in = DSSFileFont.initializeDefault().getInputStream();
                    var font = new TTFParser().parse(new RandomAccessReadBuffer(in))) {
                return font.getUnicodeCmapLookup();
            } catch (IOException failure) {
                throw new UncheckedIOException("The font of DSS can not be read", failure);
            }
        }
    }

    /** Whether all of a text's characters are in it, but the ends of its lines. */
    public static boolean shows(String text) {
        return text.codePoints().allMatch(letter -> letter == '\n' || Letters.READ.getGlyphId(letter) != 0);
    }

    /** For one signature. @param size in points */
    public static DSSFileFont ofSize(float size) {
        var font = DSSFileFont.initializeDefault();
        font.setSize(size);
        return font;
    }
}

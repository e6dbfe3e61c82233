package org.countersign.systemtests.benchmark;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** PDFs as scanners make them: each page is an image of its own, which nothing compresses any further. */
public final class BenchmarkPdf {

    private static final int WIDTH = 1_000;
    private static final int LINE = 60;
    private static final long SEED = 20_261_123L;
    private static final int PER_PAGE = 3;

    private final OutputStream out;
    private final List<Long> objects = new ArrayList<>();
    private long written;

    private BenchmarkPdf(OutputStream out) {
        this.out = out;
    }

    /**
     * Writes one, piece by piece.
     *
     * @param bytes of all images; the file is a little longer
     */
    public static void write(Path file, long bytes, int pages) throws IOException {
        try (var out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            new BenchmarkPdf(out).write(bytes, pages);
        }
    }

    private void write(long bytes, int pages) throws IOException {
        var random = new Random(SEED);
        text("%PDF-1.7\n");
        var kids = new StringBuilder();
        for (int page = 0; page < pages; page++) {
            kids.append(3 + page * PER_PAGE).append(" 0 R ");
        }
        object("<</Type/Catalog/Pages 2 0 R>>");
        object("<</Type/Pages/Count " + pages + "/Kids[" + kids + "]>>");
        int lines = (int) Math.max(1, bytes / pages / WIDTH);
        for (int page = 0; page < pages; page++) {
            int content = 4 + page * PER_PAGE;
            object("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents " + content
                    + " 0 R/Resources<</XObject<</I " + (content + 1) + " 0 R>>>>>>");
            var draw = "q 595 0 0 842 0 0 cm /I Do Q";
            object("<</Length " + draw.length() + ">>stream\n" + draw + "\nendstream");
            image(random, lines);
        }
        end();
    }

    private void image(Random random, int lines) throws IOException {
        begin();
        text("<</Type/XObject/Subtype/Image/ColorSpace/DeviceGray/BitsPerComponent 8/Width " + WIDTH + "/Height "
                + lines + "/Length " + (long) lines * WIDTH + ">>stream\n");
        var line = new byte[WIDTH];
        for (int i = 0; i < lines; i++) {
            random.nextBytes(line);
            out.write(line);
        }
        written += (long) lines * WIDTH;
        text("\nendstream\nendobj\n");
    }

    private void object(String content) throws IOException {
        begin();
        text(content + "\nendobj\n");
    }

    private void begin() throws IOException {
        objects.add(written);
        text(objects.size() + " 0 obj\n");
    }

    private void end() throws IOException {
        long start = written;
        var table = new StringBuilder(LINE * (objects.size() + 2));
        table.append("xref\n0 ").append(objects.size() + 1).append("\n0000000000 65535 f \n");
        for (long position : objects) {
            table.append(String.format("%010d 00000 n \n", position));
        }
        table.append("trailer\n<</Size ")
                .append(objects.size() + 1)
                .append("/Root 1 0 R>>\nstartxref\n")
                .append(start)
                .append("\n%%EOF\n");
        text(table.toString());
    }

    private void text(String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.US_ASCII);
        out.write(bytes);
        written += bytes.length;
    }
}

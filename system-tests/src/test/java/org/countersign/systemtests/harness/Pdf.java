package org.countersign.systemtests.harness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.countersign.cli.process.Folders;

/** PDFs written by hand, and what Poppler says of signed ones. */
public final class Pdf {

    private static final int CMS_DIGITS = 65_536;

    private Pdf() {}

    /** One empty page. @param title in the document's information */
    public static byte[] of(String title) {
        return of(
                "<</Type/Catalog/Pages 2 0 R>>",
                "<</Type/Pages/Kids[3 0 R]/Count 1>>",
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>",
                "<</Title(" + title + ")>>");
    }

    /** Likewise, with a signature field named {@code Here}. */
    public static byte[] withField() {
        return of(
                "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]>>>>",
                "<</Type/Pages/Kids[3 0 R]/Count 1>>",
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Annots[5 0 R]>>",
                "<</Title(form)>>",
                "<</Type/Annot/Subtype/Widget/FT/Sig/T(Here)/Rect[20 30 180 80]/P 3 0 R/F 4>>");
    }

    /** One empty page, and a signature that somebody makes of all bytes but its own. @param sign CMS of them */
    public static byte[] signed(UnaryOperator<byte[]> sign) {
        var room = "0".repeat(CMS_DIGITS);
        var now = DateTimeFormatter.ofPattern("yyyyMMddHHmmss").format(LocalDateTime.now(ZoneOffset.UTC));
        var text = new String(
                of(
                        "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]/SigFlags 3>>>>",
                        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
                        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Annots[5 0 R]>>",
                        "<</Title(signed by itself)>>",
                        "<</Type/Annot/Subtype/Widget/FT/Sig/T(Here)/Rect[0 0 0 0]/P 3 0 R/F 132/V 6 0 R>>",
                        "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M(D:" + now + "Z)/ByteRange[0 "
                                + " ".repeat(30) + "]/Contents<" + room + ">>>"),
                StandardCharsets.US_ASCII);
        int from = text.indexOf("<" + room);
        int to = from + room.length() + 2;
        var range = String.format("[0 %-30s]", from + " " + to + " " + (text.length() - to));
        text = text.replace("[0 " + " ".repeat(30) + "]", range);
        var bytes = (text.substring(0, from) + text.substring(to)).getBytes(StandardCharsets.US_ASCII);
        var cms = HexFormat.of().formatHex(sign.apply(bytes));
        return (text.substring(0, from + 1) + cms + text.substring(from + 1 + cms.length()))
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] of(String... objects) {
        var out = new StringBuilder("%PDF-1.7\n");
        var table = new StringBuilder("xref\n0 " + (objects.length + 1) + "\n0000000000 65535 f \n");
        for (int i = 0; i < objects.length; i++) {
            table.append(String.format("%010d 00000 n \n", out.length()));
            out.append(i + 1).append(" 0 obj\n").append(objects[i]).append("\nendobj\n");
        }
        int start = out.length();
        return out.append(table)
                .append("trailer\n<</Size " + (objects.length + 1) + "/Root 1 0 R/Info 4 0 R>>\nstartxref\n" + start
                        + "\n%%EOF\n")
                .toString()
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** All that {@code pdfsig} prints, without a look at the certificates' trust. */
    public static String signatures(byte[] pdf) {
        return poppler(pdf, "pdfsig", "-nocert", "a.pdf");
    }

    /** What {@code pdftotext} finds, with what fields show, on a part of each page, in points from its upper left corner. */
    public static String text(byte[] pdf, int x, int y, int width, int height) {
        return poppler(
                pdf,
                "pdftotext",
                "-x",
                Integer.toString(x),
                "-y",
                Integer.toString(y),
                "-W",
                Integer.toString(width),
                "-H",
                Integer.toString(height),
                "a.pdf",
                "-");
    }

    private static String poppler(byte[] pdf, String... command) {
        try {
            var folder = Files.createTempDirectory("poppler");
            try {
                Files.write(folder.resolve("a.pdf"), pdf);
                var process = new ProcessBuilder(List.of(command))
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .start();
                var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                if (!process.waitFor(30, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new IOException(command[0] + " did not end");
                }
                return output;
            } finally {
                Folders.deleteTree(folder);
            }
        } catch (IOException failure) {
            throw new IllegalStateException(command[0] + ", of poppler-utils, could not be run", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}

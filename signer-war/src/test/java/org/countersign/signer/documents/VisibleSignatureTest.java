package org.countersign.signer.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.countersign.server.keys.SignatureAlgorithm.SHA256WITHECDSA;

import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.pades.exception.ProtectedDocumentException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAnnotationWidget;
import org.apache.pdfbox.pdmodel.interactive.form.PDAcroForm;
import org.apache.pdfbox.pdmodel.interactive.form.PDSignatureField;
import org.apache.pdfbox.pdmodel.interactive.form.PDTextField;
import org.apache.pdfbox.text.PDFTextStripper;
import org.apache.pdfbox.text.TextPosition;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.signer.ades.Trust;
import org.countersign.signer.validation.Explanation;
import org.countersign.signer.validation.ValidateDocument;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PDFs that show their signatures, and such that leave themselves open to certain changes only. */
class VisibleSignatureTest {

    private static final PDRectangle FIELD = new PDRectangle(100, 500, 200, 50);
    private static final VisibleRequest PLACE = place(1, 50, 60, 200, 40, "Jane Doe");
    private static SigningSeat seat;

    private final Trust trust = new Trust(List.of(SigningSeat.root()), Optional.empty());
    private final ValidateDocument validate = new ValidateDocument(trust, Clock.systemUTC());

    @TempDir
    private Path folder;

    private Path document;

    @BeforeAll
    static void seat() {
        seat = SigningSeat.of(SHA256WITHECDSA);
    }

    /** Two pages, the first with a field for a signature and one for a text. */
    @BeforeEach
    void write() throws IOException {
        document = folder.resolve("a.pdf");
        write(0, PDRectangle.A4);
    }

    private void write(int rotation, PDRectangle box) throws IOException {
        try (var pdf = new PDDocument()) {
            var page = new PDPage(box);
            page.setRotation(rotation);
            pdf.addPage(page);
            pdf.addPage(new PDPage(PDRectangle.A4));
            var form = new PDAcroForm(pdf);
            pdf.getDocumentCatalog().setAcroForm(form);
            var signature = new PDSignatureField(form);
            signature.setPartialName("Here");
            add(page, signature.getWidgets().get(0), FIELD);
            var text = new PDTextField(form);
            text.setPartialName("Text");
            add(page, text.getWidgets().get(0), new PDRectangle(100, 400, 50, 20));
            var locking = new PDSignatureField(form);
            locking.setPartialName("Locking");
            add(page, locking.getWidgets().get(0), new PDRectangle(100, 300, 200, 50));
            var lock = new COSDictionary();
            lock.setName("Type", "SigFieldLock");
            lock.setName("Action", "All");
            locking.getCOSObject().setItem("Lock", lock);
            form.getFields().add(signature);
            form.getFields().add(locking);
            form.getFields().add(text);
            pdf.save(document.toFile());
        }
    }

    private static void add(PDPage page, PDAnnotationWidget widget, PDRectangle box) throws IOException {
        widget.setRectangle(box);
        widget.setPage(page);
        page.getAnnotations().add(widget);
    }

    private static VisibleRequest place(int page, double x, double y, double width, double height, String text) {
        return new VisibleRequest(null, page, x, y, width, height, text);
    }

    private static VisibleRequest field(String name, String text) {
        return new VisibleRequest(name, null, null, null, null, null, text);
    }

    private static DocumentParameters wanted(VisibleRequest visible, Integer certify) {
        return DocumentParameters.of(
                new DocumentRequest(
                        "c", "PAdES", null, null, null, "SHA256WITHECDSA", null, null, null, visible, certify, null),
                Instant.now());
    }

    private SignatureInFormat<?> signature(DocumentParameters wanted, Path file, Optional<SignatureImage> image) {
        var signature = SignatureInFormat.of(wanted, seat.chain(), trust.verifier(), Optional.empty(), folder);
        signature.place(wanted, file, image);
        return signature;
    }

    private Path sign(VisibleRequest visible, Integer certify, Optional<SignatureImage> image, Path from)
            throws IOException {
        var wanted = wanted(visible, certify);
        var file = new FileDocument(from.toFile());
        var data = signature(wanted, from, image).dataToSign(file);
        var again = signature(wanted, from, image);
        assertThat(again.dataToSign(file)).as("the same again").isEqualTo(data);
        var signed = Files.createTempFile(folder, "signed", ".pdf");
        again.sign(file, seat.sign(SHA256WITHECDSA, data)).save(signed.toString());
        return signed;
    }

    private void judgedValid(Path signed, int signatures) {
        var explanation = validate.validate(signed, Optional.empty(), false);
        assertThat(explanation.signatures())
                .as(explanation.toString())
                .hasSize(signatures)
                .extracting(Explanation.Signature::indication)
                .containsOnly("TOTAL_PASSED");
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String message) {
        assertThatThrownBy(call).satisfies(failure -> {
            Throwable cause = failure;
            while (cause != null && !(cause instanceof ProtocolException)) {
                cause = cause.getCause();
            }
            assertThat(cause).as("%s", failure).isNotNull().hasMessageContaining(message);
        });
    }

    private static PDRectangle shown(Path signed, int page, String text) throws IOException {
        try (var pdf = Loader.loadPDF(signed.toFile())) {
            var field = pdf.getSignatureFields().stream()
                    .filter(one -> one.getSignature() != null)
                    .findFirst()
                    .orElseThrow();
            var widget = field.getWidgets().get(0);
            assertThat(pdf.getPages().indexOf(widget.getPage())).isEqualTo(page - 1);
            var stream = widget.getNormalAppearanceStream();
            if (text != null) {
                var drawn = new PDPage(stream.getBBox());
                drawn.setResources(stream.getResources());
                drawn.setContents(new org.apache.pdfbox.pdmodel.common.PDStream(stream.getCOSObject()));
                assertThat(text(widget, signed)).contains(text);
            }
            return widget.getRectangle();
        }
    }

    /** Of the whole page, with what its annotations show: these are drawn into it. */
    private static String text(PDAnnotationWidget widget, Path signed) throws IOException {
        try (var pdf = Loader.loadPDF(signed.toFile())) {
            pdf.getDocumentCatalog().getAcroForm(null).flatten();
            return new PDFTextStripper().getText(pdf);
        }
    }

    @Test
    void a_place_of_its_own_shows_text() throws IOException {
        var signed = sign(PLACE, null, Optional.empty(), document);
        judgedValid(signed, 1);
        var box = shown(signed, 1, "Jane Doe");
        assertThat(box.getLowerLeftX()).isEqualTo(50);
        assertThat(box.getUpperRightY()).isEqualTo(PDRectangle.A4.getHeight() - 60);
        assertThat(box.getWidth()).isEqualTo(200);
        assertThat(box.getHeight()).isEqualTo(40);
    }

    @ParameterizedTest
    @ValueSource(ints = {90, 180, 270})
    void a_page_that_lies_is_shown_as_it_is_seen(int rotation) throws IOException {
        write(rotation, new PDRectangle(10, 20, 600, 800));
        var signed = sign(place(1, 5, 7, 200, 40, "Jane Doe"), null, Optional.empty(), document);
        judgedValid(signed, 1);
        var box = shown(signed, 1, "Jane Doe");
        switch (rotation) {
            case 90 -> assertThat(corners(box)).containsExactly(17, 25, 57, 225);
            case 180 -> assertThat(corners(box)).containsExactly(405, 27, 605, 67);
            default -> assertThat(corners(box)).containsExactly(563, 615, 603, 815);
        }
    }

    private static List<Integer> corners(PDRectangle box) {
        return List.of(
                Math.round(box.getLowerLeftX()),
                Math.round(box.getLowerLeftY()),
                Math.round(box.getUpperRightX()),
                Math.round(box.getUpperRightY()));
    }

    @Test
    void a_field_of_the_document_shows_text_and_picture_and_stays_where_it_is() throws IOException {
        for (var format : List.of("png", "jpg")) {
            var signed = sign(field("Here", "Jané Дое\nsigned"), null, Optional.of(image(format)), document);
            judgedValid(signed, 1);
            assertThat(corners(shown(signed, 1, "Jané Дое"))).isEqualTo(corners(FIELD));
            try (var pdf = Loader.loadPDF(signed.toFile())) {
                assertThat(pdf.getSignatureFields()).hasSize(2);
            }
            assertThat(letters(signed))
                    .isNotEmpty()
                    .allSatisfy(letter ->
                            assertThat(letter.getX()).isBetween(FIELD.getLowerLeftX(), FIELD.getUpperRightX()));
            assertThat(Files.readString(signed, StandardCharsets.ISO_8859_1)).contains("/Subtype /Image");
            refused(() -> sign(field("Here", "x"), null, Optional.empty(), signed), "visible.field is signed already");
        }
    }

    @Test
    void a_field_may_be_signed_without_being_seen() throws IOException {
        var signed = sign(field("Here", null), null, Optional.empty(), document);
        judgedValid(signed, 1);
        try (var pdf = Loader.loadPDF(signed.toFile())) {
            assertThat(pdf.getSignatureFields()).hasSize(2);
            var box = pdf.getSignatureFields().get(0).getWidgets().get(0).getRectangle();
            assertThat(corners(box)).containsExactly(0, 0, 0, 0);
        }
    }

    /** Of all that is seen. */
    private static List<TextPosition> letters(Path signed) throws IOException {
        var all = new ArrayList<TextPosition>();
        var stripper = new PDFTextStripper() {
            @Override
            protected void writeString(String text, List<TextPosition> positions) {
                all.addAll(positions);
            }
        };
        try (var pdf = Loader.loadPDF(signed.toFile())) {
            pdf.getDocumentCatalog().getAcroForm(null).flatten();
            stripper.getText(pdf);
        }
        return all;
    }

    private float size(VisibleRequest visible, Optional<SignatureImage> image) throws IOException {
        var signed = sign(visible, null, image, document);
        judgedValid(signed, 1);
        var letters = letters(signed);
        assertThat(letters).isNotEmpty();
        letters.forEach(letter ->
                assertThat(letter.getYScale()).isEqualTo(letters.get(0).getYScale(), within(0.01f)));
        return letters.get(0).getYScale();
    }

    @Test
    void text_has_12_points_where_there_is_room_and_3_at_least() throws IOException {
        assertThat(size(place(1, 50, 60, 400, 200, "Jane Doe"), Optional.empty()))
                .isEqualTo(12, within(0.01f));
        assertThat(size(place(1, 50, 60, 30, 14, "Jane Doe"), Optional.empty())).isBetween(3f, 8f);
        var signed = sign(place(1, 50, 60, 100, 60, "one two three four five six"), null, Optional.empty(), document);
        assertThat(shown(signed, 1, "one two")).isNotNull();
        assertThat(letters(signed).stream().map(TextPosition::getY).distinct()).hasSizeGreaterThan(1);
        for (var tooMuch : List.of("x".repeat(300), "word ".repeat(60))) {
            refused(
                    () -> sign(place(1, 50, 60, 30, 10, tooMuch), null, Optional.empty(), document),
                    "visible has no room for the text");
        }
    }

    @Test
    void a_wide_picture_leaves_room_for_the_text() throws IOException {
        var wide = Optional.of(SignatureImage.read(SignatureImageTest.picture(folder, "png", 400, 20)));
        assertThat(size(PLACE, wide)).isEqualTo(12, within(0.01f));
        refused(
                () -> sign(place(1, 50, 60, 30, 10, "Jane Doe, director"), null, wide, document),
                "visible has no room for the text beside the image");
    }

    /** One reference of a signature would be written over the other. */
    @Test
    void a_field_that_locks_others_does_not_certify() throws IOException {
        refused(() -> sign(field("Locking", "x"), 2, Optional.empty(), document), "visible.field locks fields");
        judgedValid(sign(field("Locking", "x"), null, Optional.empty(), document), 1);
    }

    /** A folder that has the document, but takes no files. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void what_can_not_be_read_as_it_was_signed_is_not_judged() throws IOException {
        var signed = sign(PLACE, null, Optional.empty(), document).toRealPath();
        try (var open = Files.newInputStream(signed);
                var files = Files.list(Path.of("/proc/self/fd"))) {
            assertThat(open).isNotNull();
            var same = files.filter(file -> leadsTo(file, signed)).findFirst().orElseThrow();
            assertThatThrownBy(() -> validate.validate(same, Optional.empty(), false))
                    .isInstanceOfSatisfying(
                            ProtocolException.class,
                            refusal -> assertThat(refusal.code()).isEqualTo(OAuth2Error.TEMPORARILY_UNAVAILABLE));
        }
    }

    private static boolean leadsTo(Path link, Path file) {
        try {
            return Files.readSymbolicLink(link).equals(file);
        } catch (IOException gone) {
            return false;
        }
    }

    @Test
    void two_places_are_signed_one_after_the_other_but_not_the_same() throws IOException {
        var first = sign(PLACE, null, Optional.empty(), document);
        refused(() -> sign(PLACE, null, Optional.empty(), first), "visible overlaps a field or a note of the page");
        judgedValid(sign(place(2, 0, 0, 100, 30, "second"), null, Optional.of(image("png")), first), 2);
    }

    @ParameterizedTest
    @CsvSource({
        "3, 0, 0, 100, 100, 'visible.page must be a page of the document, which has 2'",
        "1, 500, 0, 100, 100, visible must be within the page",
        "1, 0, 800, 100, 100, visible must be within the page",
        "0, 0, 0, 100, 100, 'visible.page must be a page of the document, from 1 on'",
        "1, -1, 0, 100, 100, 'visible.x must be a number of points, from 0 to 14400'",
        "1, 0, NaN, 100, 100, 'visible.y must be a number of points, from 0 to 14400'",
        "1, 0, 0, 9, 100, 'visible.width must be a number of points, from 10 to 14400'",
        "1, 0, 0, 100, 20000, 'visible.height must be a number of points, from 10 to 14400'"
    })
    void places_that_are_not_there_are_refused(
            int page, double x, double y, double width, double height, String message) {
        refused(() -> sign(place(page, x, y, width, height, "x"), null, Optional.empty(), document), message);
    }

    @Test
    void fields_that_are_not_there_are_refused() {
        var none = "visible.field must be a signature field of the document";
        refused(() -> sign(field("There", "x"), null, Optional.empty(), document), none);
        refused(() -> sign(field("Text", "x"), null, Optional.empty(), document), none);
        for (var noName : List.of("", "He\nre", "Here\u0085", "Here\u2028", "Here\u2029", "\u202eHere")) {
            refused(() -> sign(field(noName, "x"), null, Optional.empty(), document), "visible.field must be the name");
        }
        refused(
                () -> sign(
                        new VisibleRequest("Here", 1, null, null, null, null, "x"), null, Optional.empty(), document),
                "visible is in a field of the document, or has page");
        refused(
                () -> sign(
                        new VisibleRequest(null, null, null, null, null, null, "x"), null, Optional.empty(), document),
                "visible is in a field of the document, or has page");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " ",
                "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11",
                "tab\t",
                "\u202e",
                "\u2028",
                "x\u0085",
                "漢",
                "😀",
                "LONG"
            })
    void texts_that_can_not_be_shown_are_refused(String text) {
        var wanted = text.equals("LONG") ? "x".repeat(301) : text;
        refused(() -> wanted(field("Here", wanted), null), "visible.text");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void what_certifies_is_first_and_says_what_may_follow(int permission) throws IOException {
        var signed = sign(permission == 2 ? PLACE : null, permission, Optional.empty(), document);
        judgedValid(signed, 1);
        try (var pdf = Loader.loadPDF(signed.toFile())) {
            var reference = pdf.getSignatureDictionaries()
                    .get(0)
                    .getCOSObject()
                    .getCOSArray(org.apache.pdfbox.cos.COSName.getPDFName("Reference"));
            var parameters = ((org.apache.pdfbox.cos.COSDictionary) reference.getObject(0))
                    .getCOSDictionary(org.apache.pdfbox.cos.COSName.getPDFName("TransformParams"));
            assertThat(parameters.getInt("P")).isEqualTo(permission);
        }
        refused(
                () -> sign(null, 2, Optional.empty(), signed),
                "The document has signatures already and can not be certified");
        if (permission == 1) {
            assertThatThrownBy(() -> sign(null, null, Optional.empty(), signed))
                    .isInstanceOf(ProtectedDocumentException.class);
        } else {
            judgedValid(sign(field("Here", "second"), null, Optional.empty(), signed), 2);
        }
    }

    @Test
    void only_pdfs_are_certified_and_by_what_there_is() {
        for (int wrong : new int[] {0, 4, -1}) {
            refused(() -> wanted(null, wrong), "certify must be 1, 2 or 3");
        }
        var request = new DocumentRequest(
                "c", "CAdES", null, null, null, "SHA256WITHECDSA", null, null, null, PLACE, null, null);
        refused(() -> DocumentParameters.of(request, Instant.now()), "visible is for PAdES");
    }

    private SignatureImage image(String format) throws IOException {
        return SignatureImage.read(SignatureImageTest.picture(folder, format, 100, 40));
    }
}

package org.countersign.signer.documents;

import eu.europa.esig.dss.pades.SignatureFieldParameters;
import eu.europa.esig.dss.pades.exception.InvalidPasswordException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAnnotationWidget;
import org.apache.pdfbox.pdmodel.interactive.form.PDSignatureField;
import org.countersign.core.error.ProtocolException;
import org.countersign.signer.ades.PdfFiles;

/** What of a PDF decides where its next signature may be, looked at before anything is made. */
final class PdfPlace {

    private static final int QUARTER = 90;
    private static final int HALF = 180;

    private final PDDocument document;

    private PdfPlace(PDDocument document) {
        this.document = document;
    }

    /**
     * Where that is, in DSS's words.
     *
     * @param shown whether there is something to be shown
     * @throws ProtocolException {@code invalid_request}, saying what the document has not
     */
    static SignatureFieldParameters of(
            Path file, Optional<VisibleSignature> visible, boolean certifies, boolean shown) {
        try (var document = Loader.loadPDF(file.toFile(), PdfFiles.memory())) {
            var place = new PdfPlace(document);
            if (certifies) {
                place.requireUnsigned();
            }
            var field = visible.flatMap(VisibleSignature::field);
            if (field.isPresent()) {
                var own = place.field(field.get());
                if (certifies) {
                    requireNoLock(own);
                }
                return place.ofField(own, field.get(), shown);
            }
            var wanted = visible.flatMap(VisibleSignature::place);
            return wanted.isPresent() ? place.onPage(wanted.get()) : new SignatureFieldParameters();
        } catch (org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException encrypted) {
            throw new InvalidPasswordException(encrypted.getMessage());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void requireUnsigned() {
        if (document.getSignatureDictionaries().stream()
                .anyMatch(signature -> signature.getCOSObject().containsKey(COSName.BYTERANGE))) {
            throw ProtocolException.invalidRequest("The document has signatures already and can not be certified");
        }
    }

    private SignatureFieldParameters onPage(VisibleSignature.Place wanted) {
        if (wanted.page() > document.getNumberOfPages()) {
            throw ProtocolException.invalidRequest(
                    "visible.page must be a page of the document, which has " + document.getNumberOfPages());
        }
        var page = document.getPage(wanted.page() - 1);
        var box = page.getMediaBox();
        boolean lies = lies(page);
        double width = lies ? box.getHeight() : box.getWidth();
        double height = lies ? box.getWidth() : box.getHeight();
        if (wanted.x() + wanted.width() > width || wanted.y() + wanted.height() > height) {
            throw ProtocolException.invalidRequest("visible must be within the page");
        }
        var field = new SignatureFieldParameters();
        field.setPage(wanted.page());
        field.setOriginX((float) wanted.x());
        field.setOriginY((float) wanted.y());
        field.setWidth((float) wanted.width());
        field.setHeight((float) wanted.height());
        return field;
    }

    /** A field's lock is a reference of the signature as well, and DSS would have it instead of the certifying one. */
    private static void requireNoLock(PDSignatureField own) {
        if (own.getCOSObject().containsKey(COSName.getPDFName("Lock"))) {
            throw ProtocolException.invalidRequest(
                    "visible.field locks fields of the document (/Lock), and can not be certified with");
        }
    }

    private PDSignatureField field(String name) {
        var form = document.getDocumentCatalog().getAcroForm(null);
        if (form == null || !(form.getField(name) instanceof PDSignatureField own)) {
            throw ProtocolException.invalidRequest("visible.field must be a signature field of the document");
        }
        if (own.getSignature() != null) {
            throw ProtocolException.invalidRequest("visible.field is signed already");
        }
        return own;
    }

    private SignatureFieldParameters ofField(PDSignatureField own, String name, boolean shown) {
        var field = new SignatureFieldParameters();
        field.setFieldId(name);
        if (shown) {
            var widget = own.getWidgets().get(0);
            PDRectangle box = widget.getRectangle();
            if (box == null || box.getWidth() <= 0 || box.getHeight() <= 0) {
                throw ProtocolException.invalidRequest("visible.field shows nothing: it has neither width nor height");
            }
            int page = page(widget);
            boolean lies = lies(document.getPage(page));
            field.setPage(1 + page);
            field.setWidth(lies ? box.getHeight() : box.getWidth());
            field.setHeight(lies ? box.getWidth() : box.getHeight());
        }
        return field;
    }

    private static boolean lies(PDPage page) {
        return page.getRotation() % HALF == QUARTER;
    }

    private int page(PDAnnotationWidget widget) {
        int number = 0;
        for (var page : document.getPages()) {
            var annotations = page.getCOSObject().getCOSArray(COSName.ANNOTS);
            if (annotations != null && annotations.indexOfObject(widget.getCOSObject()) >= 0) {
                return number;
            }
            number++;
        }
        throw ProtocolException.invalidRequest("visible.field is on no page of the document");
    }
}

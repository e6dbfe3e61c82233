package org.countersign.signer.documents;

import eu.europa.esig.dss.enumerations.MimeTypeEnum;
import eu.europa.esig.dss.enumerations.SignerTextPosition;
import eu.europa.esig.dss.enumerations.SignerTextVerticalAlignment;
import eu.europa.esig.dss.enumerations.TextWrapping;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.InMemoryDocument;
import eu.europa.esig.dss.pades.SignatureImageTextParameters;
import java.awt.Color;
import org.countersign.signer.ades.PdfFont;

/** What a visible signature shows, in DSS's words: text right of the picture. */
final class VisibleParts {

    private VisibleParts() {}

    static SignatureImageTextParameters text(VisibleText text) {
        var parameters = new SignatureImageTextParameters();
        parameters.setText(text.lines());
        parameters.setFont(PdfFont.ofSize(text.size()));
        parameters.setPadding(VisibleText.PADDING);
        parameters.setTextColor(Color.BLACK);
        parameters.setTextWrapping(TextWrapping.FONT_BASED);
        parameters.setSignerTextPosition(SignerTextPosition.RIGHT);
        parameters.setSignerTextVerticalAlignment(SignerTextVerticalAlignment.MIDDLE);
        return parameters;
    }

    static DSSDocument image(SignatureImage image) {
        return image.isPng()
                ? new InMemoryDocument(image.content(), "image.png", MimeTypeEnum.PNG)
                : new InMemoryDocument(image.content(), "image.jpg", MimeTypeEnum.JPEG);
    }
}

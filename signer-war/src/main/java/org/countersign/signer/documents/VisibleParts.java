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

/** What a visible signature shows, in DSS's words: text as large as there is room, right of the picture. */
final class VisibleParts {

    private static final float LARGEST = 12;
    private static final float PADDING = 2;

    private VisibleParts() {}

    static SignatureImageTextParameters text(String text) {
        var parameters = new SignatureImageTextParameters();
        parameters.setText(text);
        parameters.setFont(PdfFont.ofSize(LARGEST));
        parameters.setPadding(PADDING);
        parameters.setTextColor(Color.BLACK);
        parameters.setTextWrapping(TextWrapping.FILL_BOX_AND_LINEBREAK);
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

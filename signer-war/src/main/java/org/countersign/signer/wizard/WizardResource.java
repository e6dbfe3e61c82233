package org.countersign.signer.wizard;

import jakarta.ws.rs.Path;
import java.util.List;
import org.countersign.server.console.ConsoleResource;
import org.countersign.server.web.OpenToAll;
import org.countersign.server.web.PageFiles;

/** The wizard's page and what it loads. Open: it shows nothing before somebody signed in. */
@Path(WizardResource.FOLDER)
@OpenToAll
public final class WizardResource extends ConsoleResource {

    /** The first segment of the page's addresses. */
    public static final String FOLDER = "wizard";

    public WizardResource() {
        super(
                FOLDER,
                List.of(
                        PageFiles.PAGE,
                        "acts.js",
                        "calls.js",
                        "certificate.js",
                        "credentials.js",
                        "en.json",
                        "enrol.js",
                        "es.json",
                        "factors.js",
                        "files.js",
                        "forms.js",
                        "living.js",
                        "renewal.js",
                        "sign.js",
                        "validate.js",
                        "wizard.css",
                        "wizard.js"));
    }
}

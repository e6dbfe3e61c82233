package org.countersign.server.console;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import org.countersign.server.web.OpenToAll;
import org.countersign.server.web.PageFiles;

/** The console's page and what it loads. Open: it shows nothing before somebody signed in. */
@Path("console")
@OpenToAll
public class ConsoleResource {

    /** Of every product's console. */
    private static final List<String> FILES = List.of(
            PageFiles.PAGE,
            "api.js",
            "audit.js",
            "common-en.json",
            "common-es.json",
            "console.css",
            "icon.svg",
            "page.js",
            "shell.js",
            "texts.js");

    private final PageFiles files;

    /** @param own the product's files beside those, in {@code resources/console} of its archive */
    public ConsoleResource(List<String> own) {
        this("console", own);
    }

    /**
     * For pages with another address.
     *
     * @param folder the first segment of their addresses, and where the own files are
     * @param own beside those that all have, or in the place of one
     */
    protected ConsoleResource(String folder, List<String> own) {
        var common = FILES.stream().filter(file -> !own.contains(file)).toList();
        this.files = new PageFiles(folder, Map.of("console-common", common, folder, own), PageFiles.headersOfPage(""));
    }

    /** Its addresses begin at the slash. */
    @GET
    @Produces(PageFiles.HTML)
    public final Response page(@Context HttpServletRequest request, @Context Request conditions) {
        return files.page(request, conditions);
    }

    @GET
    @Path("{file}")
    @Produces("*/*")
    public final Response file(@Context Request conditions, @PathParam("file") String file) {
        return files.answer(file, conditions);
    }
}

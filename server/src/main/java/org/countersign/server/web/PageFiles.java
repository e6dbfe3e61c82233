package org.countersign.server.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.codec.digest.DigestUtils;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;

/** What resources that serve pages share: files of one folder of the archive, each with the hash of its content as its tag. */
public final class PageFiles {

    /** {@code index.html}. */
    public static final String PAGE = "index.html";

    /** Media type of a page. */
    public static final String HTML = "text/html;charset=UTF-8";

    /** Media type of a script. */
    public static final String JAVASCRIPT = "text/javascript;charset=UTF-8";

    private static final Map<String, String> TYPES = Map.of(
            "html",
            HTML,
            "css",
            "text/css;charset=UTF-8",
            "js",
            JAVASCRIPT,
            "mjs",
            JAVASCRIPT,
            "json",
            MediaType.APPLICATION_JSON,
            "svg",
            "image/svg+xml");

    private record Loaded(byte[] content, String type, EntityTag tag) {}

    private final Map<String, Loaded> files = new HashMap<>();
    private final Map<String, String> headers;
    private final String folder;

    /**
     * Reads them.
     *
     * @param folder of the archive, and the first segment of their addresses
     * @param headers of every answer
     */
    public PageFiles(String folder, List<String> names, Map<String, String> headers) {
        this(folder, Map.of(folder, names), headers);
    }

    /**
     * Reads files of several folders, which have addresses in one.
     *
     * @param folder the first segment of their addresses
     * @param names by the folder of the archive
     * @param headers of every answer
     */
    public PageFiles(String folder, Map<String, List<String>> names, Map<String, String> headers) {
        names.forEach((from, files) -> files.forEach(name -> this.files.put(name, load(from, name))));
        this.headers = Map.copyOf(headers);
        this.folder = folder;
    }

    private static Loaded load(String folder, String name) {
        try (var in = PageFiles.class.getResourceAsStream("/" + folder + "/" + name)) {
            var content = in.readAllBytes();
            var type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
            return new Loaded(content, type, new EntityTag(DigestUtils.sha256Hex(content)));
        } catch (IOException unreadable) {
            throw new UncheckedIOException("A page can not be read", unreadable);
        }
    }

    /**
     * The headers of a page that may load from this service alone, nothing of it inline, and stand in no other page.
     *
     * @param connections what it may call beside this service; sources of a policy
     */
    public static Map<String, String> headersOfPage(String connections) {
        return Map.of(
                "Content-Security-Policy",
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                        + " connect-src 'self'" + connections + "; form-action 'self'; frame-ancestors 'none';"
                        + " base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
                "Cross-Origin-Opener-Policy",
                "same-origin",
                "Referrer-Policy",
                "no-referrer");
    }

    /** The page itself; who asks without the slash that its addresses begin at is sent there. */
    public Response page(HttpServletRequest request, Request conditions) {
        if (!request.getRequestURI().endsWith("/")) {
            return Response.status(Response.Status.SEE_OTHER)
                    .header(HttpHeaders.LOCATION, folder + "/")
                    .build();
        }
        return answer(PAGE, conditions);
    }

    /** @throws ProtocolException {@code not_found} for any name but those of the list */
    public Response answer(String name, Request conditions) {
        var file = files.get(name);
        if (file == null) {
            throw new ProtocolException(OAuth2Error.NOT_FOUND, "There is nothing at this address");
        }
        var unchanged = conditions.evaluatePreconditions(file.tag());
        var answer =
                unchanged == null ? Response.ok(file.content(), file.type()).tag(file.tag()) : unchanged;
        answer.header(HttpHeaders.CACHE_CONTROL, "no-cache");
        headers.forEach(answer::header);
        return answer.build();
    }
}

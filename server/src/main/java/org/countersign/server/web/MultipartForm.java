package org.countersign.server.web;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.countersign.core.error.ProtocolException;

/**
 * The parts of a {@code multipart/form-data} body (RFC 7578), one after the other as they come: nothing of a part is held
 * but what is being read of it. Not safe for use by many threads.
 */
public final class MultipartForm {

    private static final int LONGEST_HEADERS = 4_096;
    private static final String QUOTED_OR_TOKEN = "(?:\"((?:[^\"\\\\\r\n]|\\\\.)*)\"|([^\\s;\",]+))";
    /** RFC 2046 §5.1.1: 1 to 70 characters of this set. */
    private static final Pattern BOUNDARY = Pattern.compile(
            "multipart/form-data\\s*;(?:.*;)?\\s*boundary=(?:\"([0-9A-Za-z'()+_,./:=? -]{1,70})\"|([0-9A-Za-z'+_.-]{1,70}))\\s*(?:;.*)?",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern PARAMETER = Pattern.compile(";\\s*([A-Za-z*]+)\\s*=\\s*" + QUOTED_OR_TOKEN);

    private final DelimitedInput in;

    private MultipartForm(InputStream body, String boundary) {
        this.in = new DelimitedInput(body, ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1));
    }

    /**
     * A part, to be read before the next one is asked for.
     *
     * @param fileName as the sender calls it; never a name for a file here
     * @param content ends where the part ends
     */
    public record Part(String name, Optional<String> fileName, InputStream content) {}

    /**
     * @param contentType the header's value, or null
     * @throws ProtocolException {@code invalid_request} when it names no boundary
     */
    public static MultipartForm of(String contentType, InputStream body) {
        var boundary = BOUNDARY.matcher(contentType == null ? "" : contentType.strip());
        if (body == null || !boundary.matches()) {
            throw malformed();
        }
        return new MultipartForm(body, boundary.group(1) != null ? boundary.group(1) : boundary.group(2));
    }

    /**
     * The next part; what was not read of the one before is passed over.
     *
     * @return empty after the last one
     * @throws ProtocolException {@code invalid_request} when the body is not what it says, or ends too early
     */
    public Optional<Part> next() throws IOException {
        in.skipContent();
        if (in.isLast()) {
            return Optional.empty();
        }
        var disposition = headers().getOrDefault("content-disposition", "");
        if (!disposition.toLowerCase(Locale.ROOT).startsWith("form-data")) {
            throw malformed();
        }
        var parameters = parameters(disposition);
        var name = parameters.get("name");
        if (name == null) {
            throw malformed();
        }
        return Optional.of(new Part(name, Optional.ofNullable(parameters.get("filename")), in));
    }

    private Map<String, String> headers() throws IOException {
        var headers = new HashMap<String, String>();
        int length = 0;
        while (true) {
            var line = in.line(LONGEST_HEADERS);
            length += line.length();
            if (length > LONGEST_HEADERS) {
                throw malformed();
            }
            if (line.isEmpty()) {
                return headers;
            }
            int colon = line.indexOf(':');
            if (colon < 1
                    || headers.put(
                                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                                    line.substring(colon + 1).strip())
                            != null) {
                throw malformed();
            }
        }
    }

    private static Map<String, String> parameters(String disposition) {
        var parameters = new HashMap<String, String>();
        var matcher = PARAMETER.matcher(disposition);
        while (matcher.find()) {
            var value = matcher.group(2) != null ? matcher.group(2).replaceAll("\\\\(.)", "$1") : matcher.group(3);
            if (parameters.put(matcher.group(1).toLowerCase(Locale.ROOT), value) != null) {
                throw malformed();
            }
        }
        return parameters;
    }

    static ProtocolException malformed() {
        return ProtocolException.invalidRequest("The payload must be multipart/form-data (RFC 7578)");
    }
}

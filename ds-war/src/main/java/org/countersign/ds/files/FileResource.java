package org.countersign.ds.files;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.countersign.core.error.DsError;
import org.countersign.ds.envelope.Refusal;
import org.countersign.server.web.ExceptionAnswers;

/**
 * What resources that serve files share: a stored file as an answer to {@code GET} or {@code HEAD}, whole, a part of it, or
 * why not. Holds a buffer, no more.
 */
public final class FileResource {

    private static final int BUFFER = 1 << 16;

    private FileResource() {}

    /**
     * Answers.
     *
     * @param name for {@code Content-Disposition}: made by us, of letters, digits, {@code .}, {@code -} and {@code _}
     * @param caching what {@code Cache-Control} says
     */
    public static Response of(
            FileStore store,
            StoredFile file,
            String name,
            String caching,
            HttpHeaders headers,
            HttpServletRequest from) {
        boolean head = "HEAD".equals(from.getMethod());
        var conditions = new Conditions(
                headers.getHeaderString(HttpHeaders.IF_MATCH),
                headers.getHeaderString(HttpHeaders.IF_NONE_MATCH),
                // §14.2: of GET alone.
                head ? null : headers.getHeaderString("Range"),
                headers.getHeaderString("If-Range"));
        var outcome = conditions.on(file.sha256(), file.size());
        var answer = Response.status(outcome.kind().status())
                .header(HttpHeaders.ETAG, "\"" + file.sha256() + "\"")
                .header(HttpHeaders.CACHE_CONTROL, caching)
                .header("Accept-Ranges", "bytes");
        switch (outcome.kind()) {
            case NOT_MODIFIED -> {
                return answer.build();
            }
            case FAILED -> {
                return refused(from, answer, DsError.PRECONDITION_FAILED, "The file is another one by now");
            }
            case NOT_SATISFIABLE -> {
                answer.header("Content-Range", "bytes */" + file.size());
                return refused(from, answer, DsError.RANGE_NOT_SATISFIABLE, "The file has no such range");
            }
            case PART ->
                answer.header(
                        "Content-Range",
                        "bytes " + outcome.first() + "-" + (outcome.first() + outcome.length() - 1) + "/"
                                + file.size());
            default -> {
                // the whole file
            }
        }
        answer.type(MediaType.APPLICATION_OCTET_STREAM_TYPE)
                .header(HttpHeaders.CONTENT_LENGTH, outcome.length())
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + name + "\"");
        if (head) {
            return answer.build();
        }
        var channel = store.open(file);
        return answer.entity((StreamingOutput) out -> send(channel, outcome.first(), outcome.length(), out))
                .build();
    }

    private static Response refused(
            HttpServletRequest from, Response.ResponseBuilder answer, DsError error, String description) {
        from.setAttribute(ExceptionAnswers.REFUSED, error.wireName());
        return answer.type(MediaType.APPLICATION_JSON_TYPE)
                .entity(Refusal.of(error.number(), description))
                .build();
    }

    private static void send(FileChannel channel, long first, long length, OutputStream out) throws IOException {
        try (channel) {
            var buffer = ByteBuffer.allocate((int) Math.min(BUFFER, length));
            long position = first;
            long left = length;
            while (left > 0) {
                buffer.clear().limit((int) Math.min(buffer.capacity(), left));
                int read = channel.read(buffer, position);
                if (read < 0) {
                    throw new IOException("A file became shorter while it was sent");
                }
                out.write(buffer.array(), 0, read);
                position += read;
                left -= read;
            }
        }
    }
}

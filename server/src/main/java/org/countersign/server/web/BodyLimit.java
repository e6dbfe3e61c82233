package org.countersign.server.web;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.ext.Provider;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.regex.Pattern;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;

/** Refuses request bodies that are larger than any their address has a use for, announced or not. */
@Provider
@PreMatching
public final class BodyLimit implements ContainerRequestFilter {

    private final long most;
    private final Map<Pattern, Long> others;

    /**
     * Of the address it is for.
     *
     * @param most in bytes
     * @param others for addresses that match, which are below the context and begin with a slash
     */
    public BodyLimit(long most, Map<Pattern, Long> others) {
        this.most = most;
        this.others = Map.copyOf(others);
    }

    @Override
    public void filter(ContainerRequestContext request) {
        long most = most(request.getUriInfo().getPath());
        if (announced(request.getHeaderString(HttpHeaders.CONTENT_LENGTH)) > most) {
            throw tooLarge();
        }
        var body = request.getEntityStream();
        if (body != null) {
            request.setEntityStream(new Limited(body, most));
        }
    }

    private long most(String path) {
        if (others.isEmpty()) {
            return most;
        }
        var absolute = path.startsWith("/") ? path : "/" + path;
        return others.entrySet().stream()
                .filter(other -> other.getKey().matcher(absolute).matches())
                .mapToLong(Map.Entry::getValue)
                .findFirst()
                .orElse(most);
    }

    /**
     * Read from the header itself, as a number of bytes may be more than an int holds. Over HTTP/2 some containers give the
     * header twice, which reads as {@code 7,7}: what cannot be read announces nothing, and is counted as it comes.
     */
    private static long announced(String length) {
        try {
            return length == null ? 0 : Long.parseLong(length.strip());
        } catch (NumberFormatException unreadable) {
            return 0;
        }
    }

    private static ProtocolException tooLarge() {
        return new ProtocolException(OAuth2Error.PAYLOAD_TOO_LARGE, "Payload is too large");
    }

    private static final class Limited extends FilterInputStream {

        private long left;

        Limited(InputStream in, long most) {
            super(in);
            this.left = most;
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            count(value < 0 ? 0 : 1);
            return value;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            count(Math.max(read, 0));
            return read;
        }

        private void count(int read) {
            left -= read;
            if (left < 0) {
                throw tooLarge();
            }
        }
    }
}

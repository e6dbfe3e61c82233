package org.countersign.server.web;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.ext.Provider;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;

/** Refuses request bodies that are larger than any this server has a use for, announced or not. */
@Provider
@PreMatching
public final class BodyLimit implements ContainerRequestFilter {

    private final int most;

    /** @param most in bytes */
    public BodyLimit(int most) {
        this.most = most;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        if (request.getLength() > most) {
            throw tooLarge();
        }
        var body = request.getEntityStream();
        if (body != null) {
            request.setEntityStream(new Limited(body, most));
        }
    }

    private static ProtocolException tooLarge() {
        return new ProtocolException(OAuth2Error.PAYLOAD_TOO_LARGE, "Payload is too large");
    }

    private static final class Limited extends FilterInputStream {

        private int left;

        Limited(InputStream in, int most) {
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

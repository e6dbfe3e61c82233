package org.countersign.server.web;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Reads up to the next delimiter of a multipart body (RFC 2046 §5.1.1), through one buffer. */
final class DelimitedInput extends InputStream {

    private static final int BUFFER = 1 << 16;

    private final InputStream in;
    private final byte[] delimiter;
    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int limit;
    /** Where the delimiter begins in the buffer, once it is there. */
    private int found = -1;

    private boolean last;

    /** @param delimiter with the line's end before it */
    DelimitedInput(InputStream in, byte[] delimiter) {
        this.in = in;
        this.delimiter = delimiter.clone();
        // The first delimiter may stand at the very beginning; then it has no line's end before it.
        buffer[0] = '\r';
        buffer[1] = '\n';
        limit = 2;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        int available = content();
        if (available == 0) {
            return -1;
        }
        int read = Math.min(available, length);
        System.arraycopy(buffer, position, target, offset, read);
        position += read;
        return read;
    }

    /** Up to the delimiter, and past it. */
    void skipContent() throws IOException {
        for (int available = content(); available > 0; available = content()) {
            position += available;
        }
        position += delimiter.length;
        found = -1;
        var rest = line(BUFFER / 2);
        last = rest.startsWith("--");
        if (!last && !rest.isBlank()) {
            throw MultipartForm.malformed();
        }
    }

    boolean isLast() {
        return last;
    }

    /**
     * Up to the end of a line, which is left out; its end is the body's end where there is no other.
     *
     * @param most characters
     */
    String line(int most) throws IOException {
        for (int i = 0; ; i++) {
            if (i > most) {
                throw MultipartForm.malformed();
            }
            if (position + i + 1 >= limit && !fill()) {
                var text = new String(buffer, position, limit - position, StandardCharsets.UTF_8);
                if (!text.startsWith("--")) {
                    throw MultipartForm.malformed();
                }
                position = limit;
                return text;
            }
            if (buffer[position + i] == '\r' && buffer[position + i + 1] == '\n') {
                var text = new String(buffer, position, i, StandardCharsets.UTF_8);
                position += i + 2;
                return text;
            }
        }
    }

    /** How many bytes of content are there to be read; none where the delimiter is. */
    private int content() throws IOException {
        while (true) {
            if (found >= 0) {
                return found - position;
            }
            for (int i = position; i <= limit - delimiter.length; i++) {
                if (isDelimiter(i)) {
                    found = i;
                    return found - position;
                }
            }
            // The last of them may be the beginning of a delimiter.
            int safe = limit - delimiter.length + 1 - position;
            if (safe > 0) {
                return safe;
            }
            if (!fill()) {
                throw MultipartForm.malformed();
            }
        }
    }

    private boolean isDelimiter(int at) {
        for (int i = 0; i < delimiter.length; i++) {
            if (buffer[at + i] != delimiter[i]) {
                return false;
            }
        }
        return true;
    }

    /** @return whether there is more than before */
    private boolean fill() throws IOException {
        if (position > 0) {
            System.arraycopy(buffer, position, buffer, 0, limit - position);
            limit -= position;
            position = 0;
        }
        int read = limit == buffer.length ? -1 : in.read(buffer, limit, buffer.length - limit);
        if (read < 0) {
            return false;
        }
        limit += read;
        return true;
    }
}

package org.countersign.systemtests.benchmark;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * An HTTP/1.1 connection that is kept (RFC 9112), over a blocking socket. The load shares its cores with the server it
 * measures: java.net.http's client takes several times the processor time of this. For one thread.
 */
public final class LeanConnection implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 60_000;

    /** The server closes a connection that was idle for a minute. */
    private static final long IDLE_NANOS = 20_000_000_000L;

    private final URI address;
    private Socket socket;
    private InputStream in;
    private long lastUse;
    private final String host;
    private final String context;

    /** @param context such as {@code http://127.0.0.1:8080/signer-acme} */
    public LeanConnection(URI context) throws IOException {
        this.address = context;
        connect();
        this.host = context.getHost() + ":" + context.getPort();
        this.context = context.getPath();
    }

    private void connect() throws IOException {
        socket = new Socket(address.getHost(), address.getPort());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        lastUse = System.nanoTime();
    }

    public record Answer(int status, String body) {}

    /** A request ready to be sent, so that writing it is no part of what is measured. */
    byte[] request(String path, String token, String json) {
        return request("POST", path, "Authorization: Bearer " + token, json.getBytes(StandardCharsets.UTF_8));
    }

    /** @param header one more, its name and its value. @param body JSON */
    public byte[] request(String method, String path, String header, byte[] body) {
        return request(method, path, "application/json", "application/json", header, body);
    }

    /** @param headers more, without the end of the last line */
    byte[] request(String method, String path, String contentType, String accept, String headers, byte[] body) {
        var head = (method + " " + context + path + " HTTP/1.1\r\nHost: " + host
                        + "\r\nContent-Type: " + contentType + "\r\nAccept: " + accept + "\r\n" + headers
                        + "\r\nContent-Length: " + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        var request = new byte[head.length + body.length];
        System.arraycopy(head, 0, request, 0, head.length);
        System.arraycopy(body, 0, request, head.length, body.length);
        return request;
    }

    public Answer send(byte[] request) throws IOException {
        begin(request);
        return end();
    }

    /** Sends, and does not wait for the answer: {@link #end} does. */
    public void begin(byte[] request) throws IOException {
        long now = System.nanoTime();
        if (now - lastUse > IDLE_NANOS) {
            socket.close();
            connect();
        }
        lastUse = now;
        socket.getOutputStream().write(request);
    }

    public Answer end() throws IOException {
        int status = Integer.parseInt(line().split(" ")[1]);
        int length = -1;
        boolean chunked = false;
        for (var header = line(); !header.isEmpty(); header = line()) {
            var name = header.substring(0, header.indexOf(':')).toLowerCase(Locale.ROOT);
            var value = header.substring(header.indexOf(':') + 1).strip();
            if (name.equals("content-length")) {
                length = Integer.parseInt(value);
            } else if (name.equals("transfer-encoding")) {
                chunked = value.equalsIgnoreCase("chunked");
            }
        }
        if (!chunked && length < 0) {
            throw new IOException("An answer without a length");
        }
        return new Answer(status, chunked ? chunks() : exactly(length));
    }

    private String chunks() throws IOException {
        var body = new StringBuilder();
        while (true) {
            int length = Integer.parseInt(line(), 16);
            body.append(exactly(length));
            line();
            if (length == 0) {
                return body.toString();
            }
        }
    }

    private String exactly(int length) throws IOException {
        var bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new IOException("The answer ended early");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private String line() throws IOException {
        var line = new StringBuilder(64);
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("The server closed the connection");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

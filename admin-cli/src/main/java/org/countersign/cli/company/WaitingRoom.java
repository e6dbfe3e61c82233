package org.countersign.cli.company;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Collections;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * The small WAR at the server's root that answers for a company while nothing is deployed in its place: 503 and {@code
 * Retry-After} instead of the server's 404.
 */
final class WaitingRoom {

    static final String CONTEXT = "countersign-waiting-room";

    private static final String CONTEXTS = "WEB-INF/contexts";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int OK = 200;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** Every answer of it has this header. */
    private static final String HEADER = "Countersign-Waiting-Room";

    private WaitingRoom() {}

    static boolean isAnswer(HttpResponse<?> response) {
        return response.headers().firstValue(HEADER).isPresent();
    }

    /** The shipped WAR with the company's name in it; the same bytes each time. */
    static Path forCompany(Path shipped, String company, Path folder) throws IOException {
        var file = folder.resolve(CONTEXT + ".war");
        try (var zip = new ZipFile(shipped.toFile());
                var out = new ZipOutputStream(Files.newOutputStream(file))) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                if (!entry.isDirectory()) {
                    add(out, entry.getName(), zip.getInputStream(entry).readAllBytes());
                }
            }
            add(out, CONTEXTS, (company + "\n").getBytes(StandardCharsets.US_ASCII));
        }
        return file;
    }

    /** Whether it stands at the root of a server. */
    static boolean isThere(URI server) {
        try {
            var request = HttpRequest.newBuilder(URI.create(server + "/" + CONTEXT))
                    .timeout(PATIENCE)
                    .build();
            var answer = HTTP.send(request, BodyHandlers.ofString());
            return answer.statusCode() == OK && answer.body().contains("waitingRoom");
        } catch (IOException nobody) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void add(ZipOutputStream out, String name, byte[] content) throws IOException {
        var entry = new ZipEntry(name);
        entry.setLastModifiedTime(FileTime.fromMillis(0));
        out.putNextEntry(entry);
        out.write(content);
        out.closeEntry();
    }
}
